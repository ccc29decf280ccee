-- Load what the accepted records of one load bring to {{ part.name }}; the file comes by STDIN.
-- Part of a transaction under the table's lock; what COPY refuses stands in a temporary table.
{% from "patterns/copy/form.sql" import copy_form with context %}
COPY {{ staging }}.{{ part.name }} (
    load_id AS :load_id,
    staged_at AS CAST(:staged_at AS TIMESTAMP),
    record_no,
    {% for name in part.names %}
    {{ name }}{% if not loop.last %},{% endif %}

    {% endfor %}
)
{{ copy_form() }}
