-- Hub h_dialogs: insert the business keys that it does not hold; every column that names one is a source.
-- The earliest load that names a key is its source. Reads the batch's rows of staging. Run once for a batch:
-- that no batch is taken twice is the vault ledger's doing.
INSERT INTO dwh.h_dialogs (hk_message_id, message_id, load_dt, load_src)
SELECT
    records_to_insert.hk_message_id,
    records_to_insert.message_id,
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        MD5('dialogs;' || staged.message_id::VARCHAR)::UUID AS hk_message_id,
        staged.message_id,
        staged.first_load_id
    FROM (
        SELECT
            named.message_id,
            MIN(named.load_id) AS first_load_id
        FROM (
            SELECT
                dialogs.message_id AS message_id,
                dialogs.load_id
            FROM staging.dialogs
            WHERE dialogs.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND dialogs.message_id IS NOT NULL
        ) AS named
        GROUP BY named.message_id
    ) AS staged
) AS records_to_insert
INNER JOIN staging.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.h_dialogs AS hub
    WHERE hub.hk_message_id = records_to_insert.hk_message_id
);
