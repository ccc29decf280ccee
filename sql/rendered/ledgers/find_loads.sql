-- The loads of some objects of one bucket, each under what a listing tells of it: key, ETag and time of upload.
-- ETags and the span of their times keep the answer as short as the listing, however often a key was written before:
-- a load of other objects with the same bytes may come along. Reads the load ledger.
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
  AND loads.last_modified BETWEEN CAST(:oldest AS TIMESTAMP) AND CAST(:newest AS TIMESTAMP)
  AND loads.etag IN (:etags);
