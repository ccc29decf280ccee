"""One retryable step each: open, call the library, close."""
