-- Hub h_order_users: insert the business keys that it does not hold; every column that names one is a source.
-- The earliest load that names a key is its source. Reads the batch's rows of staging. Run once for a batch:
-- that no batch is taken twice is the vault ledger's doing.
INSERT INTO dwh.h_order_users (hk_order_user_id, order_user_id, load_dt, load_src)
SELECT
    records_to_insert.hk_order_user_id,
    records_to_insert.order_user_id,
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        MD5('order_users;' || staged.order_user_id::VARCHAR)::UUID AS hk_order_user_id,
        staged.order_user_id,
        staged.first_load_id
    FROM (
        SELECT
            named.order_user_id,
            MIN(named.load_id) AS first_load_id
        FROM (
            SELECT
                bonus_users.order_user_id AS order_user_id,
                bonus_users.load_id
            FROM staging.bonus_users
            WHERE bonus_users.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND bonus_users.order_user_id IS NOT NULL
            UNION ALL
            SELECT
                order_users.order_user_id AS order_user_id,
                order_users.load_id
            FROM staging.order_users
            WHERE order_users.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND order_users.order_user_id IS NOT NULL
            UNION ALL
            SELECT
                order_user_changes.order_user_id AS order_user_id,
                order_user_changes.load_id
            FROM staging.order_user_changes
            WHERE order_user_changes.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND order_user_changes.order_user_id IS NOT NULL
            UNION ALL
            SELECT
                orders.order_user_id AS order_user_id,
                orders.load_id
            FROM staging.orders
            WHERE orders.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND orders.order_user_id IS NOT NULL
        ) AS named
        GROUP BY named.order_user_id
    ) AS staged
) AS records_to_insert
INNER JOIN staging.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.h_order_users AS hub
    WHERE hub.hk_order_user_id = records_to_insert.hk_order_user_id
);
