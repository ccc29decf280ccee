-- Link l_bonus_payments: insert the relations that it does not hold. Its key comes from the business keys of its
-- hubs, so no hub is read. Reads the batch's rows of bonus_payments. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.l_bonus_payments (hk_l_bonus_payment_id, hk_order_id, hk_product_id, load_dt, load_src)
SELECT
    records_to_insert.hk_l_bonus_payment_id,
    records_to_insert.hk_order_id,
    records_to_insert.hk_product_id,
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        MD5('l_bonus_payments;' || staged.order_id::VARCHAR || ';' || staged.product_id::VARCHAR)::UUID AS hk_l_bonus_payment_id,
        MD5('orders;' || staged.order_id::VARCHAR)::UUID AS hk_order_id,
        MD5('products;' || staged.product_id::VARCHAR)::UUID AS hk_product_id,
        staged.first_load_id
    FROM (
        SELECT
            bonus_payments.order_id,
            bonus_payments.product_id,
            MIN(bonus_payments.load_id) AS first_load_id
        FROM staging.bonus_payments
        WHERE bonus_payments.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
          AND bonus_payments.order_id IS NOT NULL
          AND bonus_payments.product_id IS NOT NULL
        GROUP BY bonus_payments.order_id, bonus_payments.product_id
    ) AS staged
) AS records_to_insert
INNER JOIN staging.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.l_bonus_payments AS link
    WHERE link.hk_l_bonus_payment_id = records_to_insert.hk_l_bonus_payment_id
);
