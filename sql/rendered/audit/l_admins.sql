-- Audits of l_admins after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
SELECT 'a key of the batch stands twice' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.hk_l_admin_id
    FROM dwh.l_admins AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.l_admins AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.hk_l_admin_id = every_row.hk_l_admin_id
    )
    GROUP BY every_row.hk_l_admin_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a hub row is absent, or the hash key is not that of the business keys' AS audit, COUNT(*) AS offenders
FROM (
    SELECT
        link.hk_l_admin_id,
        h_users.user_id,
        h_groups.group_id
    FROM dwh.l_admins AS link
    LEFT JOIN dwh.h_users ON h_users.hk_user_id = link.hk_user_id
    LEFT JOIN dwh.h_groups ON h_groups.hk_group_id = link.hk_group_id
    WHERE link.load_dt = CAST(:load_dt AS TIMESTAMP)
) AS staged
WHERE staged.user_id IS NULL OR staged.group_id IS NULL OR staged.hk_l_admin_id <> MD5('l_admins;' || staged.user_id::VARCHAR || ';' || staged.group_id::VARCHAR)::UUID;
