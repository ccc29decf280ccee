{% if satellite.is_event %}
-- Satellite of {{ parent.name }}: every distinct event once.
{% elif satellite.follows %}
-- Satellite of {{ parent.name }}: the parts of each version in {{ satellite.follows.name }}, under its load_dt, load_id and record_no.
{% elif satellite.is_presence %}
-- Satellite of {{ parent.name }}: whether the source still holds the key, a row each time that this changes; source_at is the source's clock.
{% else %}
-- Satellite of {{ parent.name }}: a row for each version that differs from the one before it.
{% endif %}
-- Sorted and segmented as its parent is, so that their join needs neither sort nor network. Writes the catalog. Safe to repeat.
{% from "patterns/types.sql" import partition, typed with context %}
CREATE TABLE IF NOT EXISTS {{ vault }}.{{ satellite.name }} (
    {{ parent.key }} UUID NOT NULL,
    {% if satellite.always_true %}
    {{ satellite.always_true }} BOOLEAN DEFAULT TRUE NOT NULL,
    {% endif %}
    {% for name, column in columns %}
    {{ typed(name, column) }},
    {% endfor %}
    {% if not satellite.follows %}
    hashdiff UUID NOT NULL,
    {% endif %}
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_id INT NOT NULL ENCODING BLOCK_DICT,
    {% if is_numbered %}
    record_no INT NOT NULL,
    {% endif %}
    load_src VARCHAR(6000) NOT NULL,
    FOREIGN KEY ({{ parent.key }}) REFERENCES {{ vault }}.{{ parent.name }} ({{ parent.key }})
)
ORDER BY {{ parent.key }}, load_dt
{% if is_small %}
UNSEGMENTED ALL NODES
{% else %}
SEGMENTED BY HASH({{ parent.key }}) ALL NODES
{% endif %}
{{ partition("load_dt") }}
