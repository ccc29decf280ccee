-- How many rows of a load stand in each staging table that it fills, and how many records in its reject table.
SELECT
    (SELECT COUNT(*) FROM staging.orders AS accepted WHERE accepted.load_id = :load_id) AS orders_count,
    (SELECT COUNT(*) FROM staging.order_items AS accepted WHERE accepted.load_id = :load_id) AS order_items_count,
    (SELECT COUNT(*) FROM staging.order_statuses AS accepted WHERE accepted.load_id = :load_id) AS order_statuses_count,
    (SELECT COUNT(*) FROM staging.order_changes AS accepted WHERE accepted.load_id = :load_id) AS order_changes_count,
    (SELECT COUNT(*) FROM staging.orders_rej AS rejected WHERE rejected.load_id = :load_id) AS rejected_count;
