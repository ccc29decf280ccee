-- Audits of s_order_items after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch here, in s_order_info and in order_items. Safe to repeat.
SELECT 'a parent row is absent' AS audit, COUNT(*) AS offenders
FROM dwh.s_order_items AS satellite
WHERE satellite.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND NOT EXISTS (
      SELECT 1
      FROM dwh.h_orders AS parent
      WHERE parent.hk_order_id = satellite.hk_order_id
  )
UNION ALL
SELECT 'a part has no version that it is of' AS audit, COUNT(*) AS offenders
FROM dwh.s_order_items AS part
WHERE part.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND NOT EXISTS (
      SELECT 1
      FROM dwh.s_order_info AS version
      WHERE version.hk_order_id = part.hk_order_id
        AND version.load_dt = part.load_dt
        AND version.load_id = part.load_id
        AND version.record_no = part.record_no
  )
UNION ALL
SELECT 'a version has other parts than were staged with it' AS audit, COUNT(*) AS offenders
FROM (
    SELECT
        compared.load_id,
        compared.record_no,
        compared.hashdiff
    FROM (
        SELECT
            staged.load_id,
            staged.record_no,
            MD5(COALESCE(';' || staged.item_no::VARCHAR, ';~') || COALESCE(';' || OCTET_LENGTH(staged.product_id)::VARCHAR || ':' || staged.product_id, ';~') || COALESCE(';' || OCTET_LENGTH(staged.product_name)::VARCHAR || ':' || staged.product_name, ';~') || COALESCE(';' || staged.price::VARCHAR, ';~') || COALESCE(';' || staged.quantity::VARCHAR, ';~'))::UUID AS hashdiff,
            1 AS found
        FROM dwh.s_order_items AS staged
        WHERE staged.load_dt = CAST(:load_dt AS TIMESTAMP)
        UNION ALL
        SELECT
            staged.load_id,
            staged.record_no,
            MD5(COALESCE(';' || staged.item_no::VARCHAR, ';~') || COALESCE(';' || OCTET_LENGTH(staged.product_id)::VARCHAR || ':' || staged.product_id, ';~') || COALESCE(';' || OCTET_LENGTH(staged.product_name)::VARCHAR || ':' || staged.product_name, ';~') || COALESCE(';' || staged.price::VARCHAR, ';~') || COALESCE(';' || staged.quantity::VARCHAR, ';~'))::UUID AS hashdiff,
            -1 AS found
        FROM staging.order_items AS staged
        INNER JOIN dwh.s_order_info AS version ON version.load_id = staged.load_id AND version.record_no = staged.record_no
        WHERE version.load_dt = CAST(:load_dt AS TIMESTAMP)
    ) AS compared
    GROUP BY compared.load_id, compared.record_no, compared.hashdiff
    HAVING SUM(compared.found) <> 0
) AS differing;
