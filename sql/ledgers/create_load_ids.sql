-- Numbers of loads, in the order in which they are drawn: without NO CACHE each session draws from a block of its own.
-- Writes the catalog. Safe to repeat.
CREATE SEQUENCE IF NOT EXISTS {{ staging }}.load_ids NO CACHE
