-- Let the reader see the answers, and no user behind them; the views read the vault with their owner's rights.
-- Writes the catalog. Safe to repeat.
GRANT SELECT ON
    dwh.group_conversion,
    dwh.group_conversion_by_age,
    dwh.author_ages
TO social_vault_reader;
