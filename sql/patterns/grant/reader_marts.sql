-- Let the reader see the answers, and no user behind them; the views read the vault with their owner's rights.
-- Writes the catalog. Safe to repeat.
GRANT SELECT ON
    {{ vault }}.group_conversion,
    {{ vault }}.group_conversion_by_age,
    {{ vault }}.author_ages
TO {{ reader }}
