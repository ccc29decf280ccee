"""A place to run against: the laptop's Vertica and S3, and sample data."""
