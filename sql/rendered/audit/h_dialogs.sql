-- Audits of h_dialogs after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
SELECT 'a key of the batch stands twice' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.hk_message_id
    FROM dwh.h_dialogs AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.h_dialogs AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.hk_message_id = every_row.hk_message_id
    )
    GROUP BY every_row.hk_message_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a hash key is not that of its business key' AS audit, COUNT(*) AS offenders
FROM dwh.h_dialogs AS staged
WHERE staged.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND staged.hk_message_id <> MD5('dialogs;' || staged.message_id::VARCHAR)::UUID
UNION ALL
SELECT 'a business key of the batch stands twice, under two hash keys' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.message_id
    FROM dwh.h_dialogs AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.h_dialogs AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.message_id = every_row.message_id
    )
    GROUP BY every_row.message_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a business key of the batch is absent, or its hash key belongs to another' AS audit, COUNT(*) AS offenders
FROM (
    SELECT dialogs.message_id AS message_id
    FROM staging.dialogs
    WHERE dialogs.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND dialogs.message_id IS NOT NULL
) AS named
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.h_dialogs AS hub
    WHERE hub.message_id = named.message_id
);
