-- Let the loader ask the questions of its answer; the views read the vault with their owner's rights.
-- Writes the catalog. Safe to repeat.
GRANT SELECT ON
    dwh.group_people,
    dwh.group_conversion_by_age
TO social_vault_loader;
