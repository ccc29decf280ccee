-- How many loads are staged and not yet in the vault.
SELECT COUNT(*)
FROM {{ staging }}.load_ledger AS loads
WHERE loads.status = 'staged'
  AND NOT EXISTS (
      SELECT 1
      FROM {{ vault }}.vault_ledger AS taken
      WHERE taken.load_id = loads.load_id
  )
