-- Let the reader name what the vault's schema holds; it can read of it only what it is granted.
-- Writes the catalog. Safe to repeat.
GRANT USAGE ON SCHEMA {{ vault }} TO {{ reader }}
