-- The load of an object version, if there is one: its number, outcome and counts.
-- Reads the load ledger.
SELECT
    loads.load_id,
    loads.status,
    loads.read_count,
    loads.accepted_count,
    loads.rejected_count,
    loads.blank_count
FROM {{ staging }}.load_ledger AS loads
WHERE loads.source = :source
  AND loads.bucket = :bucket
  AND loads.object_key = :object_key
  AND loads.object_version = :object_version
  AND loads.table_name = :table_name
