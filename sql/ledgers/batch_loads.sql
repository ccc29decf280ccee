-- The loads of a batch, the tables that they came into, and the batch's load_dt.
SELECT
    taken.load_id,
    loads.table_name,
    taken.load_dt
FROM {{ vault }}.vault_ledger AS taken
INNER JOIN {{ staging }}.load_ledger AS loads ON loads.load_id = taken.load_id
WHERE taken.batch_id = :batch_id
ORDER BY taken.load_id
