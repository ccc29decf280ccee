-- The loads of a batch and its load_dt.
SELECT
    taken.load_id,
    taken.load_dt
FROM {{ vault }}.vault_ledger AS taken
WHERE taken.batch_id = :batch_id
ORDER BY taken.load_id
