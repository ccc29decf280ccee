-- The number of the next batch.
SELECT COALESCE(MAX(taken.batch_id), 0) + 1 FROM dwh.vault_ledger AS taken;
