"""A server that speaks Vertica's wire protocol over an embedded DuckDB."""
