"""What lies in the bucket, and where it waits on the worker's disk."""
