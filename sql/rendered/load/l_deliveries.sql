-- Link l_deliveries: insert the relations that it does not hold. Its key comes from the business keys of its
-- hubs, so no hub is read. Reads the batch's rows of deliveries. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.l_deliveries (hk_l_delivery_id, hk_delivery_id, hk_order_id, hk_courier_id, load_dt, load_src)
SELECT
    records_to_insert.hk_l_delivery_id,
    records_to_insert.hk_delivery_id,
    records_to_insert.hk_order_id,
    records_to_insert.hk_courier_id,
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        MD5('l_deliveries;' || staged.delivery_id::VARCHAR || ';' || staged.order_id::VARCHAR || ';' || staged.courier_id::VARCHAR)::UUID AS hk_l_delivery_id,
        MD5('deliveries;' || staged.delivery_id::VARCHAR)::UUID AS hk_delivery_id,
        MD5('orders;' || staged.order_id::VARCHAR)::UUID AS hk_order_id,
        MD5('couriers;' || staged.courier_id::VARCHAR)::UUID AS hk_courier_id,
        staged.first_load_id
    FROM (
        SELECT
            deliveries.delivery_id,
            deliveries.order_id,
            deliveries.courier_id,
            MIN(deliveries.load_id) AS first_load_id
        FROM staging.deliveries
        WHERE deliveries.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
          AND deliveries.delivery_id IS NOT NULL
          AND deliveries.order_id IS NOT NULL
          AND deliveries.courier_id IS NOT NULL
        GROUP BY deliveries.delivery_id, deliveries.order_id, deliveries.courier_id
    ) AS staged
) AS records_to_insert
INNER JOIN staging.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.l_deliveries AS link
    WHERE link.hk_l_delivery_id = records_to_insert.hk_l_delivery_id
);
