"""The wire: bytes, messages, clients. It knows no SQL."""
