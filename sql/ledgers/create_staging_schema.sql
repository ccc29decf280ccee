-- Schema of what arrives: staging tables, rejects, the load ledger.
-- Writes the catalog. Safe to repeat.
CREATE SCHEMA IF NOT EXISTS {{ staging }}
