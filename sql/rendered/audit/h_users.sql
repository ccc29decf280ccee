-- Audits of h_users after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
SELECT 'a key of the batch stands twice' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.hk_user_id
    FROM dwh.h_users AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.h_users AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.hk_user_id = every_row.hk_user_id
    )
    GROUP BY every_row.hk_user_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a hash key is not that of its business key' AS audit, COUNT(*) AS offenders
FROM dwh.h_users AS staged
WHERE staged.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND staged.hk_user_id <> MD5('users;' || staged.user_id::VARCHAR)::UUID
UNION ALL
SELECT 'a business key of the batch stands twice, under two hash keys' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.user_id
    FROM dwh.h_users AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.h_users AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.user_id = every_row.user_id
    )
    GROUP BY every_row.user_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a business key of the batch is absent, or its hash key belongs to another' AS audit, COUNT(*) AS offenders
FROM (
    SELECT dialogs.message_from AS user_id
    FROM staging.dialogs
    WHERE dialogs.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND dialogs.message_from IS NOT NULL
    UNION
    SELECT dialogs.message_to AS user_id
    FROM staging.dialogs
    WHERE dialogs.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND dialogs.message_to IS NOT NULL
    UNION
    SELECT group_log.user_id AS user_id
    FROM staging.group_log
    WHERE group_log.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND group_log.user_id IS NOT NULL
    UNION
    SELECT group_log.user_id_from AS user_id
    FROM staging.group_log
    WHERE group_log.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND group_log.user_id_from IS NOT NULL
    UNION
    SELECT groups.admin_id AS user_id
    FROM staging.groups
    WHERE groups.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND groups.admin_id IS NOT NULL
    UNION
    SELECT users.id AS user_id
    FROM staging.users
    WHERE users.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND users.id IS NOT NULL
) AS named
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.h_users AS hub
    WHERE hub.user_id = named.user_id
);
