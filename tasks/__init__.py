"""One retryable step each: open, call dwh, close."""
