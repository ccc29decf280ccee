"""The declaration as Vertica's SQL, and how it comes into the warehouse."""
