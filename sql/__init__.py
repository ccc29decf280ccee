"""Vertica SQL, one file per table and purpose."""
