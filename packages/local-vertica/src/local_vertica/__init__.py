"""A server that speaks Vertica's wire protocol and runs Vertica's SQL on an embedded DuckDB."""

from local_vertica.process import Address, LocalVertica, StartError, running

__all__ = ["Address", "LocalVertica", "StartError", "running"]
