-- Let the reader name what the vault's schema holds; it can read of it only what it is granted.
-- Writes the catalog. Safe to repeat.
GRANT USAGE ON SCHEMA dwh TO social_vault_reader;
