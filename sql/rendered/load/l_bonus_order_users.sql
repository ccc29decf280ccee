-- Link l_bonus_order_users: insert the relations that it does not hold. Its key comes from the business keys of its
-- hubs, so no hub is read. Reads the batch's rows of bonus_users. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.l_bonus_order_users (hk_l_bonus_order_user_id, hk_bonus_user_id, hk_order_user_id, load_dt, load_src)
SELECT
    records_to_insert.hk_l_bonus_order_user_id,
    records_to_insert.hk_bonus_user_id,
    records_to_insert.hk_order_user_id,
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        MD5('l_bonus_order_users;' || staged.bonus_user_id::VARCHAR || ';' || staged.order_user_id::VARCHAR)::UUID AS hk_l_bonus_order_user_id,
        MD5('bonus_users;' || staged.bonus_user_id::VARCHAR)::UUID AS hk_bonus_user_id,
        MD5('order_users;' || staged.order_user_id::VARCHAR)::UUID AS hk_order_user_id,
        staged.first_load_id
    FROM (
        SELECT
            bonus_users.bonus_user_id,
            bonus_users.order_user_id,
            MIN(bonus_users.load_id) AS first_load_id
        FROM staging.bonus_users
        WHERE bonus_users.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
          AND bonus_users.bonus_user_id IS NOT NULL
          AND bonus_users.order_user_id IS NOT NULL
        GROUP BY bonus_users.bonus_user_id, bonus_users.order_user_id
    ) AS staged
) AS records_to_insert
INNER JOIN staging.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.l_bonus_order_users AS link
    WHERE link.hk_l_bonus_order_user_id = records_to_insert.hk_l_bonus_order_user_id
);
