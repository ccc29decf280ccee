-- Audits of h_order_users after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
SELECT 'a key of the batch stands twice' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.hk_order_user_id
    FROM dwh.h_order_users AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.h_order_users AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.hk_order_user_id = every_row.hk_order_user_id
    )
    GROUP BY every_row.hk_order_user_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a hash key is not that of its business key' AS audit, COUNT(*) AS offenders
FROM dwh.h_order_users AS staged
WHERE staged.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND staged.hk_order_user_id <> MD5('order_users;' || staged.order_user_id::VARCHAR)::UUID
UNION ALL
SELECT 'a business key of the batch stands twice, under two hash keys' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.order_user_id
    FROM dwh.h_order_users AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.h_order_users AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.order_user_id = every_row.order_user_id
    )
    GROUP BY every_row.order_user_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a business key of the batch is absent, or its hash key belongs to another' AS audit, COUNT(*) AS offenders
FROM (
    SELECT bonus_users.order_user_id AS order_user_id
    FROM staging.bonus_users
    WHERE bonus_users.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND bonus_users.order_user_id IS NOT NULL
    UNION
    SELECT order_users.order_user_id AS order_user_id
    FROM staging.order_users
    WHERE order_users.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND order_users.order_user_id IS NOT NULL
    UNION
    SELECT order_user_changes.order_user_id AS order_user_id
    FROM staging.order_user_changes
    WHERE order_user_changes.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND order_user_changes.order_user_id IS NOT NULL
    UNION
    SELECT orders.order_user_id AS order_user_id
    FROM staging.orders
    WHERE orders.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND orders.order_user_id IS NOT NULL
) AS named
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.h_order_users AS hub
    WHERE hub.order_user_id = named.order_user_id
);
