-- Audits of l_deliveries after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
SELECT 'a key of the batch stands twice' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.hk_l_delivery_id
    FROM dwh.l_deliveries AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.l_deliveries AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.hk_l_delivery_id = every_row.hk_l_delivery_id
    )
    GROUP BY every_row.hk_l_delivery_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a key has a second row, with other ends' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.hk_delivery_id
    FROM dwh.l_deliveries AS every_row
    WHERE every_row.hk_delivery_id IN (
        SELECT new_row.hk_delivery_id FROM dwh.l_deliveries AS new_row WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
    )
    GROUP BY every_row.hk_delivery_id
    HAVING COUNT(*) > 1
) AS joined_twice
UNION ALL
SELECT 'a hub row is absent, or the hash key is not that of the business keys' AS audit, COUNT(*) AS offenders
FROM (
    SELECT
        link.hk_l_delivery_id,
        h_deliveries.delivery_id,
        h_orders.order_id,
        h_couriers.courier_id
    FROM dwh.l_deliveries AS link
    LEFT JOIN dwh.h_deliveries ON h_deliveries.hk_delivery_id = link.hk_delivery_id
    LEFT JOIN dwh.h_orders ON h_orders.hk_order_id = link.hk_order_id
    LEFT JOIN dwh.h_couriers ON h_couriers.hk_courier_id = link.hk_courier_id
    WHERE link.load_dt = CAST(:load_dt AS TIMESTAMP)
) AS staged
WHERE staged.delivery_id IS NULL OR staged.order_id IS NULL OR staged.courier_id IS NULL OR staged.hk_l_delivery_id <> MD5('l_deliveries;' || staged.delivery_id::VARCHAR || ';' || staged.order_id::VARCHAR || ';' || staged.courier_id::VARCHAR)::UUID;
