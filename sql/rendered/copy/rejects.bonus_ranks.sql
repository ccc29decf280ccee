-- Load the refused records of one load into the reject table of its staging table; the file comes by STDIN.
-- Part of a transaction under the staging table's lock.
COPY staging.bonus_ranks_rej (
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
FROM STDIN
DELIMITER E'\037'
NULL E'\025'
NO ESCAPE
RECORD TERMINATOR E'\036'
ENFORCELENGTH
REJECTED DATA AS TABLE copy_rejects_1
NO COMMIT;
