-- Link l_groups_dialogs: insert the relations that it does not hold. Its key comes from the business keys of its
-- hubs, so no hub is read. Reads the batch's rows of dialogs. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.l_groups_dialogs (hk_l_groups_dialogs, hk_message_id, hk_group_id, load_dt, load_src)
SELECT
    records_to_insert.hk_l_groups_dialogs,
    records_to_insert.hk_message_id,
    records_to_insert.hk_group_id,
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        MD5('l_groups_dialogs;' || staged.message_id::VARCHAR || ';' || staged.message_group::VARCHAR)::UUID AS hk_l_groups_dialogs,
        MD5('dialogs;' || staged.message_id::VARCHAR)::UUID AS hk_message_id,
        MD5('groups;' || staged.message_group::VARCHAR)::UUID AS hk_group_id,
        staged.first_load_id
    FROM (
        SELECT
            dialogs.message_id,
            dialogs.message_group,
            MIN(dialogs.load_id) AS first_load_id
        FROM staging.dialogs
        WHERE dialogs.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
          AND dialogs.message_id IS NOT NULL
          AND dialogs.message_group IS NOT NULL
        GROUP BY dialogs.message_id, dialogs.message_group
    ) AS staged
) AS records_to_insert
INNER JOIN staging.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.l_groups_dialogs AS link
    WHERE link.hk_l_groups_dialogs = records_to_insert.hk_l_groups_dialogs
);
