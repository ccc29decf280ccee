"""The only I/O: object storage and Vertica."""
