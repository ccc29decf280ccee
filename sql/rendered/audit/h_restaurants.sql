-- Audits of h_restaurants after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
SELECT 'a key of the batch stands twice' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.hk_restaurant_id
    FROM dwh.h_restaurants AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.h_restaurants AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.hk_restaurant_id = every_row.hk_restaurant_id
    )
    GROUP BY every_row.hk_restaurant_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a hash key is not that of its business key' AS audit, COUNT(*) AS offenders
FROM dwh.h_restaurants AS staged
WHERE staged.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND staged.hk_restaurant_id <> MD5('restaurants;' || staged.restaurant_id::VARCHAR)::UUID
UNION ALL
SELECT 'a business key of the batch stands twice, under two hash keys' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.restaurant_id
    FROM dwh.h_restaurants AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.h_restaurants AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.restaurant_id = every_row.restaurant_id
    )
    GROUP BY every_row.restaurant_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a business key of the batch is absent, or its hash key belongs to another' AS audit, COUNT(*) AS offenders
FROM (
    SELECT courier_restaurants.restaurant_id AS restaurant_id
    FROM staging.courier_restaurants
    WHERE courier_restaurants.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND courier_restaurants.restaurant_id IS NOT NULL
    UNION
    SELECT orders.restaurant_id AS restaurant_id
    FROM staging.orders
    WHERE orders.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND orders.restaurant_id IS NOT NULL
    UNION
    SELECT restaurants.restaurant_id AS restaurant_id
    FROM staging.restaurants
    WHERE restaurants.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND restaurants.restaurant_id IS NOT NULL
    UNION
    SELECT menu_items.restaurant_id AS restaurant_id
    FROM staging.menu_items
    WHERE menu_items.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND menu_items.restaurant_id IS NOT NULL
    UNION
    SELECT restaurant_changes.restaurant_id AS restaurant_id
    FROM staging.restaurant_changes
    WHERE restaurant_changes.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND restaurant_changes.restaurant_id IS NOT NULL
) AS named
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.h_restaurants AS hub
    WHERE hub.restaurant_id = named.restaurant_id
);
