-- How many rows of a load stand in each staging table that it fills, and how many records in its reject table.
SELECT
    (SELECT COUNT(*) FROM staging.bonus_users AS accepted WHERE accepted.load_id = :load_id) AS bonus_users_count,
    (SELECT COUNT(*) FROM staging.bonus_users_rej AS rejected WHERE rejected.load_id = :load_id) AS rejected_count;
