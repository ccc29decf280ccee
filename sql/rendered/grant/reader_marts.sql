-- Let the reader see the answers, and no user behind them; the views read the vault with their owner's rights.
-- Writes the catalog. Safe to repeat.
GRANT SELECT ON
    dwh.group_conversion,
    dwh.group_conversion_by_age,
    dwh.author_ages,
    dwh.settlement_report,
    dwh.settlement_differences,
    dwh.courier_ledger,
    dwh.delivery_differences
TO social_vault_reader;
