-- Audits of l_user_message after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
SELECT 'a key of the batch stands twice' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.hk_l_user_message
    FROM dwh.l_user_message AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.l_user_message AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.hk_l_user_message = every_row.hk_l_user_message
    )
    GROUP BY every_row.hk_l_user_message
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a hub row is absent, or the hash key is not that of the business keys' AS audit, COUNT(*) AS offenders
FROM (
    SELECT
        link.hk_l_user_message,
        h_users.user_id,
        h_dialogs.message_id
    FROM dwh.l_user_message AS link
    LEFT JOIN dwh.h_users ON h_users.hk_user_id = link.hk_user_id
    LEFT JOIN dwh.h_dialogs ON h_dialogs.hk_message_id = link.hk_message_id
    WHERE link.load_dt = CAST(:load_dt AS TIMESTAMP)
) AS staged
WHERE staged.user_id IS NULL OR staged.message_id IS NULL OR staged.hk_l_user_message <> MD5('l_user_message;' || staged.user_id::VARCHAR || ';' || staged.message_id::VARCHAR)::UUID;
