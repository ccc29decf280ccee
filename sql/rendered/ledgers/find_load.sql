-- The load of an object version into a table, if there is one: its number, outcome and counts.
-- Where a bucket keeps no versions, ETag and time of upload together name one. Reads the load ledger.
SELECT
    loads.load_id,
    loads.table_name,
    loads.status,
    loads.read_count,
    loads.accepted_count,
    loads.rejected_count,
    loads.blank_count
FROM staging.load_ledger AS loads
WHERE loads.source = :source
  AND loads.bucket = :bucket
  AND loads.object_key = :object_key
  AND loads.object_version = :object_version
  AND loads.last_modified = CAST(:last_modified AS TIMESTAMP)
  AND loads.table_name = :table_name;
