-- The number of the next batch.
SELECT COALESCE(MAX(taken.batch_id), 0) + 1 FROM {{ vault }}.vault_ledger AS taken
