-- Hub h_orders: insert the business keys that it does not hold; every column that names one is a source.
-- The earliest load that names a key is its source. Reads the batch's rows of staging. Run once for a batch:
-- that no batch is taken twice is the vault ledger's doing.
INSERT INTO dwh.h_orders (hk_order_id, order_id, load_dt, load_src)
SELECT
    records_to_insert.hk_order_id,
    records_to_insert.order_id,
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        MD5('orders;' || staged.order_id::VARCHAR)::UUID AS hk_order_id,
        staged.order_id,
        staged.first_load_id
    FROM (
        SELECT
            named.order_id,
            MIN(named.load_id) AS first_load_id
        FROM (
            SELECT
                bonus_transactions.order_id AS order_id,
                bonus_transactions.load_id
            FROM staging.bonus_transactions
            WHERE bonus_transactions.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND bonus_transactions.order_id IS NOT NULL
            UNION ALL
            SELECT
                bonus_payments.order_id AS order_id,
                bonus_payments.load_id
            FROM staging.bonus_payments
            WHERE bonus_payments.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND bonus_payments.order_id IS NOT NULL
            UNION ALL
            SELECT
                deliveries.order_id AS order_id,
                deliveries.load_id
            FROM staging.deliveries
            WHERE deliveries.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND deliveries.order_id IS NOT NULL
            UNION ALL
            SELECT
                orders.order_id AS order_id,
                orders.load_id
            FROM staging.orders
            WHERE orders.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND orders.order_id IS NOT NULL
            UNION ALL
            SELECT
                order_items.order_id AS order_id,
                order_items.load_id
            FROM staging.order_items
            WHERE order_items.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND order_items.order_id IS NOT NULL
            UNION ALL
            SELECT
                order_statuses.order_id AS order_id,
                order_statuses.load_id
            FROM staging.order_statuses
            WHERE order_statuses.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND order_statuses.order_id IS NOT NULL
            UNION ALL
            SELECT
                order_changes.order_id AS order_id,
                order_changes.load_id
            FROM staging.order_changes
            WHERE order_changes.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND order_changes.order_id IS NOT NULL
        ) AS named
        GROUP BY named.order_id
    ) AS staged
) AS records_to_insert
INNER JOIN staging.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.h_orders AS hub
    WHERE hub.hk_order_id = records_to_insert.hk_order_id
);
