"""Vertica's data definition language: read strictly, applied to DuckDB."""
