-- Audits of l_bonus_payments after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
SELECT 'a key of the batch stands twice' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.hk_l_bonus_payment_id
    FROM dwh.l_bonus_payments AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.l_bonus_payments AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.hk_l_bonus_payment_id = every_row.hk_l_bonus_payment_id
    )
    GROUP BY every_row.hk_l_bonus_payment_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a hub row is absent, or the hash key is not that of the business keys' AS audit, COUNT(*) AS offenders
FROM (
    SELECT
        link.hk_l_bonus_payment_id,
        h_orders.order_id,
        h_products.product_id
    FROM dwh.l_bonus_payments AS link
    LEFT JOIN dwh.h_orders ON h_orders.hk_order_id = link.hk_order_id
    LEFT JOIN dwh.h_products ON h_products.hk_product_id = link.hk_product_id
    WHERE link.load_dt = CAST(:load_dt AS TIMESTAMP)
) AS staged
WHERE staged.order_id IS NULL OR staged.product_id IS NULL OR staged.hk_l_bonus_payment_id <> MD5('l_bonus_payments;' || staged.order_id::VARCHAR || ';' || staged.product_id::VARCHAR)::UUID;
