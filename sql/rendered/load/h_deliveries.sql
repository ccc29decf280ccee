-- Hub h_deliveries: insert the business keys that it does not hold; every column that names one is a source.
-- The earliest load that names a key is its source. Reads the batch's rows of staging. Run once for a batch:
-- that no batch is taken twice is the vault ledger's doing.
INSERT INTO dwh.h_deliveries (hk_delivery_id, delivery_id, load_dt, load_src)
SELECT
    records_to_insert.hk_delivery_id,
    records_to_insert.delivery_id,
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        MD5('deliveries;' || staged.delivery_id::VARCHAR)::UUID AS hk_delivery_id,
        staged.delivery_id,
        staged.first_load_id
    FROM (
        SELECT
            named.delivery_id,
            MIN(named.load_id) AS first_load_id
        FROM (
            SELECT
                deliveries.delivery_id AS delivery_id,
                deliveries.load_id
            FROM staging.deliveries
            WHERE deliveries.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND deliveries.delivery_id IS NOT NULL
        ) AS named
        GROUP BY named.delivery_id
    ) AS staged
) AS records_to_insert
INNER JOIN staging.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.h_deliveries AS hub
    WHERE hub.hk_delivery_id = records_to_insert.hk_delivery_id
);
