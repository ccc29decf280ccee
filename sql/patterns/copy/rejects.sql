-- Load the refused records of one load into the reject table of its staging table; the file comes by STDIN.
-- Part of a transaction under the staging table's lock.
{% from "patterns/copy/form.sql" import copy_form with context %}
COPY {{ staging }}.{{ table.rejects }} (
    load_id AS :load_id,
    rejected_at AS CAST(:staged_at AS TIMESTAMP),
    contract_version AS :contract_version,
    status AS 'open',
    stage,
    record_no,
    line_no,
    byte_offset,
    raw_record,
    raw_encoding,
    raw_octets,
    reasons
)
{{ copy_form() }}
