"""One statement of Vertica's SQL turned into DuckDB's, or refused."""
