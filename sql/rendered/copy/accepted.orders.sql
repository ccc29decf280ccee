-- Load what the accepted records of one load bring to orders; the file comes by STDIN.
-- Part of a transaction under the table's lock; what COPY refuses stands in a temporary table.
COPY staging.orders (
    load_id AS :load_id,
    staged_at AS CAST(:staged_at AS TIMESTAMP),
    record_no,
    order_id,
    restaurant_id,
    order_user_id,
    order_dt,
    cost,
    payment,
    bonus_payment,
    bonus_grant,
    final_status,
    update_ts,
    items_digest
)
FROM STDIN
DELIMITER E'\037'
NULL E'\025'
NO ESCAPE
RECORD TERMINATOR E'\036'
ENFORCELENGTH
REJECTED DATA AS TABLE copy_rejects_1
NO COMMIT;
