-- Audits of l_groups_dialogs after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
SELECT 'a key of the batch stands twice' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.hk_l_groups_dialogs
    FROM dwh.l_groups_dialogs AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.l_groups_dialogs AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.hk_l_groups_dialogs = every_row.hk_l_groups_dialogs
    )
    GROUP BY every_row.hk_l_groups_dialogs
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a hub row is absent, or the hash key is not that of the business keys' AS audit, COUNT(*) AS offenders
FROM (
    SELECT
        link.hk_l_groups_dialogs,
        h_dialogs.message_id,
        h_groups.group_id
    FROM dwh.l_groups_dialogs AS link
    LEFT JOIN dwh.h_dialogs ON h_dialogs.hk_message_id = link.hk_message_id
    LEFT JOIN dwh.h_groups ON h_groups.hk_group_id = link.hk_group_id
    WHERE link.load_dt = CAST(:load_dt AS TIMESTAMP)
) AS staged
WHERE staged.message_id IS NULL OR staged.group_id IS NULL OR staged.hk_l_groups_dialogs <> MD5('l_groups_dialogs;' || staged.message_id::VARCHAR || ';' || staged.group_id::VARCHAR)::UUID;
