-- Load the accepted records of one load into staging.dialogs; the file comes by STDIN.
-- Part of a transaction under the table's lock; what COPY refuses stands in a temporary table.
{% from "macros/copy.sql" import copy_form with context %}
COPY {{ staging }}.dialogs (
    load_id AS :load_id,
    staged_at AS CAST(:staged_at AS TIMESTAMP),
    record_no,
    message_id,
    message_ts,
    message_from,
    message_to,
    message,
    message_group
)
{{ copy_form() }}
