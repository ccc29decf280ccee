-- Link l_user_group_activity: insert the relations that it does not hold. Its key comes from the business keys of its
-- hubs, so no hub is read. Reads the batch's rows of group_log. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.l_user_group_activity (hk_l_user_group_activity, hk_user_id, hk_group_id, load_dt, load_src)
SELECT
    records_to_insert.hk_l_user_group_activity,
    records_to_insert.hk_user_id,
    records_to_insert.hk_group_id,
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        MD5('l_user_group_activity;' || staged.user_id::VARCHAR || ';' || staged.group_id::VARCHAR)::UUID AS hk_l_user_group_activity,
        MD5('users;' || staged.user_id::VARCHAR)::UUID AS hk_user_id,
        MD5('groups;' || staged.group_id::VARCHAR)::UUID AS hk_group_id,
        staged.first_load_id
    FROM (
        SELECT
            group_log.user_id,
            group_log.group_id,
            MIN(group_log.load_id) AS first_load_id
        FROM staging.group_log
        WHERE group_log.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
          AND group_log.user_id IS NOT NULL
          AND group_log.group_id IS NOT NULL
        GROUP BY group_log.user_id, group_log.group_id
    ) AS staged
) AS records_to_insert
INNER JOIN staging.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.l_user_group_activity AS link
    WHERE link.hk_l_user_group_activity = records_to_insert.hk_l_user_group_activity
);
