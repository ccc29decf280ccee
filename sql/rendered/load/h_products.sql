-- Hub h_products: insert the business keys that it does not hold; every column that names one is a source.
-- The earliest load that names a key is its source. Reads the batch's rows of staging. Run once for a batch:
-- that no batch is taken twice is the vault ledger's doing.
INSERT INTO dwh.h_products (hk_product_id, product_id, load_dt, load_src)
SELECT
    records_to_insert.hk_product_id,
    records_to_insert.product_id,
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        MD5('products;' || staged.product_id::VARCHAR)::UUID AS hk_product_id,
        staged.product_id,
        staged.first_load_id
    FROM (
        SELECT
            named.product_id,
            MIN(named.load_id) AS first_load_id
        FROM (
            SELECT
                bonus_payments.product_id AS product_id,
                bonus_payments.load_id
            FROM staging.bonus_payments
            WHERE bonus_payments.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND bonus_payments.product_id IS NOT NULL
            UNION ALL
            SELECT
                order_items.product_id AS product_id,
                order_items.load_id
            FROM staging.order_items
            WHERE order_items.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND order_items.product_id IS NOT NULL
            UNION ALL
            SELECT
                menu_items.product_id AS product_id,
                menu_items.load_id
            FROM staging.menu_items
            WHERE menu_items.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND menu_items.product_id IS NOT NULL
        ) AS named
        GROUP BY named.product_id
    ) AS staged
) AS records_to_insert
INNER JOIN staging.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.h_products AS hub
    WHERE hub.hk_product_id = records_to_insert.hk_product_id
);
