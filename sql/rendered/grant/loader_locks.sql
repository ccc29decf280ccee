-- Let the loader take the locks that keep two runs apart: Vertica gives LOCK TABLE … IN EXCLUSIVE MODE
-- only to who has UPDATE and DELETE. Writes the catalog. Safe to repeat.
GRANT UPDATE, DELETE ON
    staging.dialogs,
    staging.group_log,
    staging.groups,
    staging.users,
    dwh.vault_ledger
TO social_vault_loader;
