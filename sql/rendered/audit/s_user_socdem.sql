-- Audits of s_user_socdem after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
SELECT 'a parent row is absent' AS audit, COUNT(*) AS offenders
FROM dwh.s_user_socdem AS satellite
WHERE satellite.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND NOT EXISTS (
      SELECT 1
      FROM dwh.h_users AS parent
      WHERE parent.hk_user_id = satellite.hk_user_id
  )
UNION ALL
SELECT 'a hashdiff is not that of its row' AS audit, COUNT(*) AS offenders
FROM dwh.s_user_socdem AS staged
WHERE staged.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND staged.hashdiff <> MD5(COALESCE(';' || OCTET_LENGTH(staged.country)::VARCHAR || ':' || staged.country, ';~') || COALESCE(';' || staged.age::VARCHAR, ';~'))::UUID
UNION ALL
SELECT 'two equal versions follow each other' AS audit, COUNT(*) AS offenders
FROM (
    SELECT
        every_row.hashdiff,
        LAG(every_row.hashdiff) OVER (
            PARTITION BY every_row.hk_user_id ORDER BY every_row.load_dt, every_row.load_id
        ) AS earlier_hashdiff
    FROM dwh.s_user_socdem AS every_row
    WHERE every_row.hk_user_id IN (
        SELECT new_row.hk_user_id FROM dwh.s_user_socdem AS new_row WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
    )
) AS versions
WHERE versions.hashdiff = versions.earlier_hashdiff;
