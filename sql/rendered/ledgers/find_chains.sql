-- How far the chains of a source system are loaded: by table the last key, and what its loads add up to.
-- Chains are loaded in their order and without a gap, so that what lies behind the last key is new.
SELECT
    loads.table_name,
    MAX(loads.object_key) AS last_key,
    COUNT(*) AS objects,
    SUM(CASE WHEN loads.status = 'refused' THEN 1 ELSE 0 END) AS refused,
    SUM(loads.read_count) AS read_count,
    SUM(loads.accepted_count) AS accepted_count,
    SUM(loads.rejected_count) AS rejected_count,
    SUM(loads.blank_count) AS blank_count
FROM staging.load_ledger AS loads
WHERE loads.source = :source
  AND loads.bucket = :bucket
  AND loads.table_name IN (:tables)
  AND SUBSTR(loads.object_key, 1, :prefix_length) = :prefix
GROUP BY loads.table_name
ORDER BY loads.table_name;
