"""The social network: one module a source table, found by being here."""
