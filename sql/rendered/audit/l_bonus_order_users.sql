-- Audits of l_bonus_order_users after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
SELECT 'a key of the batch stands twice' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.hk_l_bonus_order_user_id
    FROM dwh.l_bonus_order_users AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.l_bonus_order_users AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.hk_l_bonus_order_user_id = every_row.hk_l_bonus_order_user_id
    )
    GROUP BY every_row.hk_l_bonus_order_user_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a hub row is absent, or the hash key is not that of the business keys' AS audit, COUNT(*) AS offenders
FROM (
    SELECT
        link.hk_l_bonus_order_user_id,
        h_bonus_users.bonus_user_id,
        h_order_users.order_user_id
    FROM dwh.l_bonus_order_users AS link
    LEFT JOIN dwh.h_bonus_users ON h_bonus_users.hk_bonus_user_id = link.hk_bonus_user_id
    LEFT JOIN dwh.h_order_users ON h_order_users.hk_order_user_id = link.hk_order_user_id
    WHERE link.load_dt = CAST(:load_dt AS TIMESTAMP)
) AS staged
WHERE staged.bonus_user_id IS NULL OR staged.order_user_id IS NULL OR staged.hk_l_bonus_order_user_id <> MD5('l_bonus_order_users;' || staged.bonus_user_id::VARCHAR || ';' || staged.order_user_id::VARCHAR)::UUID;
