"""One module per source table: its columns, its rules, where it goes."""
