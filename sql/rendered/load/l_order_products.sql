-- Link l_order_products: insert the relations that it does not hold. Its key comes from the business keys of its
-- hubs, so no hub is read. Reads the batch's rows of order_items. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.l_order_products (hk_l_order_product_id, hk_order_id, hk_product_id, load_dt, load_src)
SELECT
    records_to_insert.hk_l_order_product_id,
    records_to_insert.hk_order_id,
    records_to_insert.hk_product_id,
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        MD5('l_order_products;' || staged.order_id::VARCHAR || ';' || staged.product_id::VARCHAR)::UUID AS hk_l_order_product_id,
        MD5('orders;' || staged.order_id::VARCHAR)::UUID AS hk_order_id,
        MD5('products;' || staged.product_id::VARCHAR)::UUID AS hk_product_id,
        staged.first_load_id
    FROM (
        SELECT
            order_items.order_id,
            order_items.product_id,
            MIN(order_items.load_id) AS first_load_id
        FROM staging.order_items
        WHERE order_items.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
          AND order_items.order_id IS NOT NULL
          AND order_items.product_id IS NOT NULL
        GROUP BY order_items.order_id, order_items.product_id
    ) AS staged
) AS records_to_insert
INNER JOIN staging.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.l_order_products AS link
    WHERE link.hk_l_order_product_id = records_to_insert.hk_l_order_product_id
);
