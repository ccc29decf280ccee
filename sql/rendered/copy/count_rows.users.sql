-- How many records of a load stand in the staging table and in its reject table.
SELECT
    (SELECT COUNT(*) FROM staging.users AS accepted WHERE accepted.load_id = :load_id) AS accepted_count,
    (SELECT COUNT(*) FROM staging.users_rej AS rejected WHERE rejected.load_id = :load_id) AS rejected_count;
