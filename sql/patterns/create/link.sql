-- Link of {% for hub, column in ends %}{{ hub.entity }}{% if not loop.last %} and {% endif %}{% endfor %}: a row for each relation, with the hash keys of its hubs.
{% if link.joined_by %}
-- Lies by the key it is joined by most, so that the join stays on its node. Writes the catalog. Safe to repeat.
{% else %}
-- Lies by its own key, as its satellites do. Writes the catalog. Safe to repeat.
{% endif %}
{% set placed_by = link.joined_by.key if link.joined_by else link.key %}
CREATE TABLE IF NOT EXISTS {{ vault }}.{{ link.name }} (
    {{ link.key }} UUID NOT NULL,
    {% for hub, column in ends %}
    {{ hub.key }} UUID NOT NULL,
    {% endfor %}
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    PRIMARY KEY ({{ link.key }}) DISABLED,
    {% for hub, column in ends %}
    FOREIGN KEY ({{ hub.key }}) REFERENCES {{ vault }}.{{ hub.name }} ({{ hub.key }}){% if not loop.last %},{% endif %}

    {% endfor %}
)
ORDER BY {{ placed_by }}
SEGMENTED BY HASH({{ placed_by }}) ALL NODES
