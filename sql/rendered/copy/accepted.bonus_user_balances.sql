-- Load what the accepted records of one load bring to bonus_user_balances; the file comes by STDIN.
-- Part of a transaction under the table's lock; what COPY refuses stands in a temporary table.
COPY staging.bonus_user_balances (
    load_id AS :load_id,
    staged_at AS CAST(:staged_at AS TIMESTAMP),
    record_no,
    event_id,
    event_ts,
    bonus_user_id,
    balance
)
FROM STDIN
DELIMITER E'\037'
NULL E'\025'
NO ESCAPE
RECORD TERMINATOR E'\036'
ENFORCELENGTH
REJECTED DATA AS TABLE copy_rejects_1
NO COMMIT;
