-- Let the loader draw the numbers of its loads.
-- Writes the catalog. Safe to repeat.
GRANT SELECT ON SEQUENCE {{ staging }}.load_ids TO {{ loader }}
