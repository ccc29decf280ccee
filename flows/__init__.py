"""What Prefect runs: the order of the steps."""
