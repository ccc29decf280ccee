"""Vertica's COPY statement over DuckDB: grammar, parsers, rejects."""
