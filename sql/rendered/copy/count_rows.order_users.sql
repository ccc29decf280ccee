-- How many rows of a load stand in each staging table that it fills, and how many records in its reject table.
SELECT
    (SELECT COUNT(*) FROM staging.order_users AS accepted WHERE accepted.load_id = :load_id) AS order_users_count,
    (SELECT COUNT(*) FROM staging.order_user_changes AS accepted WHERE accepted.load_id = :load_id) AS order_user_changes_count,
    (SELECT COUNT(*) FROM staging.order_users_rej AS rejected WHERE rejected.load_id = :load_id) AS rejected_count;
