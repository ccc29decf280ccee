-- Load the accepted records of one load into staging.group_log; the file comes by STDIN.
-- Part of a transaction under the table's lock; what COPY refuses stands in a temporary table.
{% from "macros/copy.sql" import copy_form with context %}
COPY {{ staging }}.group_log (
    load_id AS :load_id,
    staged_at AS CAST(:staged_at AS TIMESTAMP),
    record_no,
    group_id,
    user_id,
    user_id_from,
    event,
    event_dt
)
{{ copy_form() }}
