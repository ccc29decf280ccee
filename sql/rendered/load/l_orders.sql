-- Link l_orders: insert the relations that it does not hold. Its key comes from the business keys of its
-- hubs, so no hub is read. Reads the batch's rows of orders. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.l_orders (hk_l_order_id, hk_order_id, hk_restaurant_id, hk_order_user_id, load_dt, load_src)
SELECT
    records_to_insert.hk_l_order_id,
    records_to_insert.hk_order_id,
    records_to_insert.hk_restaurant_id,
    records_to_insert.hk_order_user_id,
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        MD5('l_orders;' || staged.order_id::VARCHAR || ';' || staged.restaurant_id::VARCHAR || ';' || staged.order_user_id::VARCHAR)::UUID AS hk_l_order_id,
        MD5('orders;' || staged.order_id::VARCHAR)::UUID AS hk_order_id,
        MD5('restaurants;' || staged.restaurant_id::VARCHAR)::UUID AS hk_restaurant_id,
        MD5('order_users;' || staged.order_user_id::VARCHAR)::UUID AS hk_order_user_id,
        staged.first_load_id
    FROM (
        SELECT
            orders.order_id,
            orders.restaurant_id,
            orders.order_user_id,
            MIN(orders.load_id) AS first_load_id
        FROM staging.orders
        WHERE orders.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
          AND orders.order_id IS NOT NULL
          AND orders.restaurant_id IS NOT NULL
          AND orders.order_user_id IS NOT NULL
        GROUP BY orders.order_id, orders.restaurant_id, orders.order_user_id
    ) AS staged
) AS records_to_insert
INNER JOIN staging.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.l_orders AS link
    WHERE link.hk_l_order_id = records_to_insert.hk_l_order_id
);
