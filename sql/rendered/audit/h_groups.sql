-- Audits of h_groups after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
SELECT 'a key of the batch stands twice' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.hk_group_id
    FROM dwh.h_groups AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.h_groups AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.hk_group_id = every_row.hk_group_id
    )
    GROUP BY every_row.hk_group_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a hash key is not that of its business key' AS audit, COUNT(*) AS offenders
FROM dwh.h_groups AS staged
WHERE staged.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND staged.hk_group_id <> MD5('groups;' || staged.group_id::VARCHAR)::UUID
UNION ALL
SELECT 'a business key of the batch stands twice, under two hash keys' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.group_id
    FROM dwh.h_groups AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.h_groups AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.group_id = every_row.group_id
    )
    GROUP BY every_row.group_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a business key of the batch is absent, or its hash key belongs to another' AS audit, COUNT(*) AS offenders
FROM (
    SELECT dialogs.message_group AS group_id
    FROM staging.dialogs
    WHERE dialogs.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND dialogs.message_group IS NOT NULL
    UNION
    SELECT group_log.group_id AS group_id
    FROM staging.group_log
    WHERE group_log.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND group_log.group_id IS NOT NULL
    UNION
    SELECT groups.id AS group_id
    FROM staging.groups
    WHERE groups.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND groups.id IS NOT NULL
) AS named
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.h_groups AS hub
    WHERE hub.group_id = named.group_id
);
