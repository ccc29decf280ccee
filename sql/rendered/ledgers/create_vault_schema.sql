-- Schema of the Data Vault and its marts.
-- Writes the catalog. Safe to repeat.
CREATE SCHEMA IF NOT EXISTS dwh;
