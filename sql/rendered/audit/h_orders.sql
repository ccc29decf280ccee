-- Audits of h_orders after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
SELECT 'a key of the batch stands twice' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.hk_order_id
    FROM dwh.h_orders AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.h_orders AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.hk_order_id = every_row.hk_order_id
    )
    GROUP BY every_row.hk_order_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a hash key is not that of its business key' AS audit, COUNT(*) AS offenders
FROM dwh.h_orders AS staged
WHERE staged.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND staged.hk_order_id <> MD5('orders;' || staged.order_id::VARCHAR)::UUID
UNION ALL
SELECT 'a business key of the batch stands twice, under two hash keys' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.order_id
    FROM dwh.h_orders AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.h_orders AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.order_id = every_row.order_id
    )
    GROUP BY every_row.order_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a business key of the batch is absent, or its hash key belongs to another' AS audit, COUNT(*) AS offenders
FROM (
    SELECT bonus_transactions.order_id AS order_id
    FROM staging.bonus_transactions
    WHERE bonus_transactions.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND bonus_transactions.order_id IS NOT NULL
    UNION
    SELECT bonus_payments.order_id AS order_id
    FROM staging.bonus_payments
    WHERE bonus_payments.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND bonus_payments.order_id IS NOT NULL
    UNION
    SELECT deliveries.order_id AS order_id
    FROM staging.deliveries
    WHERE deliveries.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND deliveries.order_id IS NOT NULL
    UNION
    SELECT orders.order_id AS order_id
    FROM staging.orders
    WHERE orders.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND orders.order_id IS NOT NULL
    UNION
    SELECT order_items.order_id AS order_id
    FROM staging.order_items
    WHERE order_items.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND order_items.order_id IS NOT NULL
    UNION
    SELECT order_statuses.order_id AS order_id
    FROM staging.order_statuses
    WHERE order_statuses.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND order_statuses.order_id IS NOT NULL
    UNION
    SELECT order_changes.order_id AS order_id
    FROM staging.order_changes
    WHERE order_changes.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND order_changes.order_id IS NOT NULL
) AS named
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.h_orders AS hub
    WHERE hub.order_id = named.order_id
);
