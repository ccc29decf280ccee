"""The warehouse as a library, free of Prefect."""
