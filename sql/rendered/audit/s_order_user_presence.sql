-- Audits of s_order_user_presence after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
SELECT 'a parent row is absent' AS audit, COUNT(*) AS offenders
FROM dwh.s_order_user_presence AS satellite
WHERE satellite.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND NOT EXISTS (
      SELECT 1
      FROM dwh.h_order_users AS parent
      WHERE parent.hk_order_user_id = satellite.hk_order_user_id
  )
UNION ALL
SELECT 'a hashdiff is not that of its row' AS audit, COUNT(*) AS offenders
FROM dwh.s_order_user_presence AS staged
WHERE staged.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND staged.hashdiff <> MD5(COALESCE(CASE WHEN staged.is_deleted THEN ';1' WHEN NOT staged.is_deleted THEN ';0' END, ';~'))::UUID
UNION ALL
SELECT 'two equal versions follow each other' AS audit, COUNT(*) AS offenders
FROM (
    SELECT
        every_row.hashdiff,
        LAG(every_row.hashdiff) OVER (
            PARTITION BY every_row.hk_order_user_id ORDER BY every_row.load_dt, every_row.load_id, every_row.record_no
        ) AS earlier_hashdiff
    FROM dwh.s_order_user_presence AS every_row
    WHERE every_row.hk_order_user_id IN (
        SELECT new_row.hk_order_user_id FROM dwh.s_order_user_presence AS new_row WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
    )
) AS versions
WHERE versions.hashdiff = versions.earlier_hashdiff
UNION ALL
SELECT 'a key that the batch names has no row' AS audit, COUNT(*) AS offenders
FROM (
    SELECT DISTINCT MD5('order_users;' || staged.order_user_id::VARCHAR)::UUID AS hk_order_user_id
    FROM staging.order_user_changes AS staged
    WHERE staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
      AND staged.order_user_id IS NOT NULL
) AS named
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.s_order_user_presence AS stored
    WHERE stored.hk_order_user_id = named.hk_order_user_id
)
UNION ALL
SELECT 'a key that a whole read names is gone by it' AS audit, COUNT(*) AS offenders
FROM dwh.s_order_user_presence AS gone
INNER JOIN (
    SELECT
        markers.load_id,
        MIN(markers.record_no) AS record_no,
        MIN(markers.source_at) AS source_at
    FROM staging.order_user_changes AS markers
    INNER JOIN staging.load_ledger AS loads ON loads.load_id = markers.load_id
    WHERE markers.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
      AND markers.op = 'begin'
      AND loads.rejected_count = 0
    GROUP BY markers.load_id
) AS whole_reads ON whole_reads.load_id = gone.load_id AND whole_reads.record_no = gone.record_no
INNER JOIN (
    SELECT DISTINCT
        MD5('order_users;' || staged.order_user_id::VARCHAR)::UUID AS hk_order_user_id,
        staged.load_id
    FROM staging.order_user_changes AS staged
    WHERE staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
      AND staged.order_user_id IS NOT NULL
) AS named ON named.load_id = gone.load_id AND named.hk_order_user_id = gone.hk_order_user_id
WHERE gone.load_dt = CAST(:load_dt AS TIMESTAMP);
