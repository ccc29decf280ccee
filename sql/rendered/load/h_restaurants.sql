-- Hub h_restaurants: insert the business keys that it does not hold; every column that names one is a source.
-- The earliest load that names a key is its source. Reads the batch's rows of staging. Run once for a batch:
-- that no batch is taken twice is the vault ledger's doing.
INSERT INTO dwh.h_restaurants (hk_restaurant_id, restaurant_id, load_dt, load_src)
SELECT
    records_to_insert.hk_restaurant_id,
    records_to_insert.restaurant_id,
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        MD5('restaurants;' || staged.restaurant_id::VARCHAR)::UUID AS hk_restaurant_id,
        staged.restaurant_id,
        staged.first_load_id
    FROM (
        SELECT
            named.restaurant_id,
            MIN(named.load_id) AS first_load_id
        FROM (
            SELECT
                courier_restaurants.restaurant_id AS restaurant_id,
                courier_restaurants.load_id
            FROM staging.courier_restaurants
            WHERE courier_restaurants.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND courier_restaurants.restaurant_id IS NOT NULL
            UNION ALL
            SELECT
                orders.restaurant_id AS restaurant_id,
                orders.load_id
            FROM staging.orders
            WHERE orders.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND orders.restaurant_id IS NOT NULL
            UNION ALL
            SELECT
                restaurants.restaurant_id AS restaurant_id,
                restaurants.load_id
            FROM staging.restaurants
            WHERE restaurants.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND restaurants.restaurant_id IS NOT NULL
            UNION ALL
            SELECT
                menu_items.restaurant_id AS restaurant_id,
                menu_items.load_id
            FROM staging.menu_items
            WHERE menu_items.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND menu_items.restaurant_id IS NOT NULL
            UNION ALL
            SELECT
                restaurant_changes.restaurant_id AS restaurant_id,
                restaurant_changes.load_id
            FROM staging.restaurant_changes
            WHERE restaurant_changes.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND restaurant_changes.restaurant_id IS NOT NULL
        ) AS named
        GROUP BY named.restaurant_id
    ) AS staged
) AS records_to_insert
INNER JOIN staging.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.h_restaurants AS hub
    WHERE hub.hk_restaurant_id = records_to_insert.hk_restaurant_id
);
