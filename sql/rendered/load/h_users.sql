-- Hub h_users: insert the business keys that it does not hold; every column that names one is a source.
-- The earliest load that names a key is its source. Reads the batch's rows of staging. Run once for a batch:
-- that no batch is taken twice is the vault ledger's doing.
INSERT INTO dwh.h_users (hk_user_id, user_id, load_dt, load_src)
SELECT
    records_to_insert.hk_user_id,
    records_to_insert.user_id,
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        MD5('users;' || staged.user_id::VARCHAR)::UUID AS hk_user_id,
        staged.user_id,
        staged.first_load_id
    FROM (
        SELECT
            named.user_id,
            MIN(named.load_id) AS first_load_id
        FROM (
            SELECT
                dialogs.message_from AS user_id,
                dialogs.load_id
            FROM staging.dialogs
            WHERE dialogs.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND dialogs.message_from IS NOT NULL
            UNION ALL
            SELECT
                dialogs.message_to AS user_id,
                dialogs.load_id
            FROM staging.dialogs
            WHERE dialogs.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND dialogs.message_to IS NOT NULL
            UNION ALL
            SELECT
                group_log.user_id AS user_id,
                group_log.load_id
            FROM staging.group_log
            WHERE group_log.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND group_log.user_id IS NOT NULL
            UNION ALL
            SELECT
                group_log.user_id_from AS user_id,
                group_log.load_id
            FROM staging.group_log
            WHERE group_log.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND group_log.user_id_from IS NOT NULL
            UNION ALL
            SELECT
                groups.admin_id AS user_id,
                groups.load_id
            FROM staging.groups
            WHERE groups.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND groups.admin_id IS NOT NULL
            UNION ALL
            SELECT
                users.id AS user_id,
                users.load_id
            FROM staging.users
            WHERE users.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND users.id IS NOT NULL
        ) AS named
        GROUP BY named.user_id
    ) AS staged
) AS records_to_insert
INNER JOIN staging.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.h_users AS hub
    WHERE hub.hk_user_id = records_to_insert.hk_user_id
);
