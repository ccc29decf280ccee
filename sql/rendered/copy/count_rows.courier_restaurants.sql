-- How many rows of a load stand in each staging table that it fills, and how many records in its reject table.
SELECT
    (SELECT COUNT(*) FROM staging.courier_restaurants AS accepted WHERE accepted.load_id = :load_id) AS courier_restaurants_count,
    (SELECT COUNT(*) FROM staging.courier_restaurants_rej AS rejected WHERE rejected.load_id = :load_id) AS rejected_count;
