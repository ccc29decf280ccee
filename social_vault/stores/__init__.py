"""The only way to S3 and to Vertica; no store knows a table."""
