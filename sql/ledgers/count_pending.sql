-- How many loads of the tables that are declared are staged and not yet in the vault.
SELECT COUNT(*)
FROM {{ staging }}.load_ledger AS loads
WHERE loads.status = 'staged'
  AND loads.table_name IN (:tables)
  AND NOT EXISTS (
      SELECT 1
      FROM {{ vault }}.vault_ledger AS taken
      WHERE taken.load_id = loads.load_id
  )
