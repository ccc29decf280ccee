-- Audits of s_courier_info after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
SELECT 'a parent row is absent' AS audit, COUNT(*) AS offenders
FROM dwh.s_courier_info AS satellite
WHERE satellite.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND NOT EXISTS (
      SELECT 1
      FROM dwh.h_couriers AS parent
      WHERE parent.hk_courier_id = satellite.hk_courier_id
  )
UNION ALL
SELECT 'a hashdiff is not that of its row' AS audit, COUNT(*) AS offenders
FROM dwh.s_courier_info AS staged
WHERE staged.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND staged.hashdiff <> MD5(COALESCE(';' || OCTET_LENGTH(staged.courier_name)::VARCHAR || ':' || staged.courier_name, ';~'))::UUID
UNION ALL
SELECT 'two equal versions follow each other' AS audit, COUNT(*) AS offenders
FROM (
    SELECT
        every_row.hashdiff,
        LAG(every_row.hashdiff) OVER (
            PARTITION BY every_row.hk_courier_id ORDER BY every_row.load_dt, every_row.load_id, every_row.record_no
        ) AS earlier_hashdiff
    FROM dwh.s_courier_info AS every_row
    WHERE every_row.hk_courier_id IN (
        SELECT new_row.hk_courier_id FROM dwh.s_courier_info AS new_row WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
    )
) AS versions
WHERE versions.hashdiff = versions.earlier_hashdiff;
