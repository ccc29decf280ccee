-- Audits of h_products after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
SELECT 'a key of the batch stands twice' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.hk_product_id
    FROM dwh.h_products AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.h_products AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.hk_product_id = every_row.hk_product_id
    )
    GROUP BY every_row.hk_product_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a hash key is not that of its business key' AS audit, COUNT(*) AS offenders
FROM dwh.h_products AS staged
WHERE staged.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND staged.hk_product_id <> MD5('products;' || staged.product_id::VARCHAR)::UUID
UNION ALL
SELECT 'a business key of the batch stands twice, under two hash keys' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.product_id
    FROM dwh.h_products AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.h_products AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.product_id = every_row.product_id
    )
    GROUP BY every_row.product_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a business key of the batch is absent, or its hash key belongs to another' AS audit, COUNT(*) AS offenders
FROM (
    SELECT bonus_payments.product_id AS product_id
    FROM staging.bonus_payments
    WHERE bonus_payments.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND bonus_payments.product_id IS NOT NULL
    UNION
    SELECT order_items.product_id AS product_id
    FROM staging.order_items
    WHERE order_items.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND order_items.product_id IS NOT NULL
    UNION
    SELECT menu_items.product_id AS product_id
    FROM staging.menu_items
    WHERE menu_items.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND menu_items.product_id IS NOT NULL
) AS named
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.h_products AS hub
    WHERE hub.product_id = named.product_id
);
