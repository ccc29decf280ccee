-- How many rows of a load stand in each staging table that it fills, and how many records in its reject table.
SELECT
    (SELECT COUNT(*) FROM staging.restaurants AS accepted WHERE accepted.load_id = :load_id) AS restaurants_count,
    (SELECT COUNT(*) FROM staging.menu_items AS accepted WHERE accepted.load_id = :load_id) AS menu_items_count,
    (SELECT COUNT(*) FROM staging.restaurant_changes AS accepted WHERE accepted.load_id = :load_id) AS restaurant_changes_count,
    (SELECT COUNT(*) FROM staging.restaurants_rej AS rejected WHERE rejected.load_id = :load_id) AS rejected_count;
