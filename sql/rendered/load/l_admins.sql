-- Link l_admins: insert the relations that it does not hold. Its key comes from the business keys of its
-- hubs, so no hub is read. Reads the batch's rows of groups. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.l_admins (hk_l_admin_id, hk_user_id, hk_group_id, load_dt, load_src)
SELECT
    records_to_insert.hk_l_admin_id,
    records_to_insert.hk_user_id,
    records_to_insert.hk_group_id,
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        MD5('l_admins;' || staged.admin_id::VARCHAR || ';' || staged.id::VARCHAR)::UUID AS hk_l_admin_id,
        MD5('users;' || staged.admin_id::VARCHAR)::UUID AS hk_user_id,
        MD5('groups;' || staged.id::VARCHAR)::UUID AS hk_group_id,
        staged.first_load_id
    FROM (
        SELECT
            groups.admin_id,
            groups.id,
            MIN(groups.load_id) AS first_load_id
        FROM staging.groups
        WHERE groups.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
          AND groups.admin_id IS NOT NULL
          AND groups.id IS NOT NULL
        GROUP BY groups.admin_id, groups.id
    ) AS staged
) AS records_to_insert
INNER JOIN staging.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.l_admins AS link
    WHERE link.hk_l_admin_id = records_to_insert.hk_l_admin_id
);
