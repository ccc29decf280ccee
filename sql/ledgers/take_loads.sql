-- Make the pending loads one batch. Its load_dt is the time of its latest load, and later than every batch before it.
-- Loads of a table that is not declared stay pending: a version of the service that knows it will take them.
-- Reads the load ledger, writes the vault ledger, whose lock this transaction holds.
INSERT INTO {{ vault }}.vault_ledger (load_id, batch_id, load_dt, run_id)
SELECT
    pending.load_id,
    :batch_id,
    CASE
        WHEN newest.staged_at > latest.load_dt THEN newest.staged_at
        ELSE latest.load_dt + INTERVAL '1 microsecond'
    END,
    :run_id
FROM {{ staging }}.load_ledger AS pending
CROSS JOIN (SELECT COALESCE(MAX(taken.load_dt), CAST('0001-01-01' AS TIMESTAMP)) AS load_dt FROM {{ vault }}.vault_ledger AS taken) AS latest
CROSS JOIN (
    SELECT MAX(loads.staged_at) AS staged_at
    FROM {{ staging }}.load_ledger AS loads
    WHERE loads.status = 'staged'
      AND loads.table_name IN (:tables)
      AND NOT EXISTS (SELECT 1 FROM {{ vault }}.vault_ledger AS taken WHERE taken.load_id = loads.load_id)
) AS newest
WHERE pending.status = 'staged'
  AND pending.table_name IN (:tables)
  AND NOT EXISTS (SELECT 1 FROM {{ vault }}.vault_ledger AS taken WHERE taken.load_id = pending.load_id)
