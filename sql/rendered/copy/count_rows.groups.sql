-- How many records of a load stand in the staging table and in its reject table.
SELECT
    (SELECT COUNT(*) FROM staging.groups AS accepted WHERE accepted.load_id = :load_id) AS accepted_count,
    (SELECT COUNT(*) FROM staging.groups_rej AS rejected WHERE rejected.load_id = :load_id) AS rejected_count;
