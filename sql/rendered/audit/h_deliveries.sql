-- Audits of h_deliveries after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
SELECT 'a key of the batch stands twice' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.hk_delivery_id
    FROM dwh.h_deliveries AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.h_deliveries AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.hk_delivery_id = every_row.hk_delivery_id
    )
    GROUP BY every_row.hk_delivery_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a hash key is not that of its business key' AS audit, COUNT(*) AS offenders
FROM dwh.h_deliveries AS staged
WHERE staged.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND staged.hk_delivery_id <> MD5('deliveries;' || staged.delivery_id::VARCHAR)::UUID
UNION ALL
SELECT 'a business key of the batch stands twice, under two hash keys' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.delivery_id
    FROM dwh.h_deliveries AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.h_deliveries AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.delivery_id = every_row.delivery_id
    )
    GROUP BY every_row.delivery_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a business key of the batch is absent, or its hash key belongs to another' AS audit, COUNT(*) AS offenders
FROM (
    SELECT deliveries.delivery_id AS delivery_id
    FROM staging.deliveries
    WHERE deliveries.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND deliveries.delivery_id IS NOT NULL
) AS named
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.h_deliveries AS hub
    WHERE hub.delivery_id = named.delivery_id
);
