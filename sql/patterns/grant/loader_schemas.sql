-- Let the loader name what the two schemas hold; all its other rights rest on this one.
-- Writes the catalog. Safe to repeat.
GRANT USAGE ON SCHEMA {{ staging }}, {{ vault }} TO {{ loader }}
