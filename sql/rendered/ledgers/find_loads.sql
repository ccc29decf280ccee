-- The loads of some objects of one bucket, each under what a listing tells of it: key, ETag and time of upload.
-- A load of another state of one of the keys may come along. Reads the load ledger.
SELECT
    loads.object_key,
    loads.etag,
    loads.last_modified,
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
  AND loads.object_key IN (:object_keys)
  AND loads.etag IN (:etags);
