-- Let no other session load the vault until this transaction ends; readers go on.
LOCK TABLE dwh.vault_ledger IN EXCLUSIVE MODE;
