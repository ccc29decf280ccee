-- Let the loader ask the questions of its answers; the views read the vault with their owner's rights.
-- Writes the catalog. Safe to repeat.
GRANT SELECT ON
    dwh.group_people,
    dwh.group_conversion_by_age,
    dwh.settlement_report,
    dwh.settlement_differences,
    dwh.courier_ledger,
    dwh.delivery_differences
TO social_vault_loader;
