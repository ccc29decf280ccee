-- Staging of {{ table.name }}: what each load accepted, in the order of loads.
-- Writes the catalog. Safe to repeat.
{% from "patterns/types.sql" import partition, typed with context %}
CREATE TABLE IF NOT EXISTS {{ staging }}.{{ table.name }} (
    load_id INT NOT NULL ENCODING RLE,
    staged_at TIMESTAMP NOT NULL ENCODING RLE,
    record_no INT NOT NULL,
    {% for column in table.columns %}
    {{ typed(column.name, column, table.optional) }}{% if not loop.last %},{% endif %}

    {% endfor %}
)
ORDER BY load_id, {% for name in table.sorted_by %}{{ name }}{% if not loop.last %}, {% endif %}{% endfor %}

SEGMENTED BY HASH({% for name in table.sorted_by %}{{ name }}{% if not loop.last %}, {% endif %}{% endfor %}) ALL NODES
{{ partition("staged_at") }}
