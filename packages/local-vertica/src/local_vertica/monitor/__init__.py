"""What tells of the database and acts on it: system tables, meta-functions, exports."""
