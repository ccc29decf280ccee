-- Hub h_groups: insert the business keys that it does not hold; every column that names one is a source.
-- The earliest load that names a key is its source. Reads the batch's rows of staging. Run once for a batch:
-- that no batch is taken twice is the vault ledger's doing.
INSERT INTO dwh.h_groups (hk_group_id, group_id, load_dt, load_src)
SELECT
    records_to_insert.hk_group_id,
    records_to_insert.group_id,
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        MD5('groups;' || staged.group_id::VARCHAR)::UUID AS hk_group_id,
        staged.group_id,
        staged.first_load_id
    FROM (
        SELECT
            named.group_id,
            MIN(named.load_id) AS first_load_id
        FROM (
            SELECT
                dialogs.message_group AS group_id,
                dialogs.load_id
            FROM staging.dialogs
            WHERE dialogs.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND dialogs.message_group IS NOT NULL
            UNION ALL
            SELECT
                group_log.group_id AS group_id,
                group_log.load_id
            FROM staging.group_log
            WHERE group_log.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND group_log.group_id IS NOT NULL
            UNION ALL
            SELECT
                groups.id AS group_id,
                groups.load_id
            FROM staging.groups
            WHERE groups.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND groups.id IS NOT NULL
        ) AS named
        GROUP BY named.group_id
    ) AS staged
) AS records_to_insert
INNER JOIN staging.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.h_groups AS hub
    WHERE hub.hk_group_id = records_to_insert.hk_group_id
);
