"""From the spool into staging, and from staging into the vault; the ledgers know what was done."""
