-- Link l_menu: insert the relations that it does not hold. Its key comes from the business keys of its
-- hubs, so no hub is read. Reads the batch's rows of menu_items. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.l_menu (hk_l_menu_id, hk_restaurant_id, hk_product_id, load_dt, load_src)
SELECT
    records_to_insert.hk_l_menu_id,
    records_to_insert.hk_restaurant_id,
    records_to_insert.hk_product_id,
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        MD5('l_menu;' || staged.restaurant_id::VARCHAR || ';' || staged.product_id::VARCHAR)::UUID AS hk_l_menu_id,
        MD5('restaurants;' || staged.restaurant_id::VARCHAR)::UUID AS hk_restaurant_id,
        MD5('products;' || staged.product_id::VARCHAR)::UUID AS hk_product_id,
        staged.first_load_id
    FROM (
        SELECT
            menu_items.restaurant_id,
            menu_items.product_id,
            MIN(menu_items.load_id) AS first_load_id
        FROM staging.menu_items
        WHERE menu_items.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
          AND menu_items.restaurant_id IS NOT NULL
          AND menu_items.product_id IS NOT NULL
        GROUP BY menu_items.restaurant_id, menu_items.product_id
    ) AS staged
) AS records_to_insert
INNER JOIN staging.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.l_menu AS link
    WHERE link.hk_l_menu_id = records_to_insert.hk_l_menu_id
);
