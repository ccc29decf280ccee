-- Load the accepted records of one load into staging.users; the file comes by STDIN.
-- Part of a transaction under the table's lock; what COPY refuses stands in a temporary table.
{% from "macros/copy.sql" import copy_form with context %}
COPY {{ staging }}.users (
    load_id AS :load_id,
    staged_at AS CAST(:staged_at AS TIMESTAMP),
    record_no,
    id,
    chat_name,
    registration_dt,
    country,
    age
)
{{ copy_form() }}
