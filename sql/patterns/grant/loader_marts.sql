-- Let the loader ask the questions of its answer; the views read the vault with their owner's rights.
-- Writes the catalog. Safe to repeat.
GRANT SELECT ON
    {{ vault }}.group_people,
    {{ vault }}.group_conversion_by_age
TO {{ loader }}
