"""Sessions, transactions and locks over one embedded DuckDB file."""
