-- Audits of s_auth_history after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
-- Events never change, so nothing compares their hashdiffs but the statement that has just computed them.
SELECT 'a parent row is absent' AS audit, COUNT(*) AS offenders
FROM dwh.s_auth_history AS satellite
WHERE satellite.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND NOT EXISTS (
      SELECT 1
      FROM dwh.l_user_group_activity AS parent
      WHERE parent.hk_l_user_group_activity = satellite.hk_l_user_group_activity
  )
UNION ALL
SELECT 'a key of the batch stands twice' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.hk_l_user_group_activity, every_row.hashdiff
    FROM dwh.s_auth_history AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.s_auth_history AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.hk_l_user_group_activity = every_row.hk_l_user_group_activity
          AND new_row.hashdiff = every_row.hashdiff
    )
    GROUP BY every_row.hk_l_user_group_activity, every_row.hashdiff
    HAVING COUNT(*) > 1
) AS repeated;
