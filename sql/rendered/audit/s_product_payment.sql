-- Audits of s_product_payment after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
-- Events never change, so nothing compares their hashdiffs but the statement that has just computed them.
SELECT 'a parent row is absent' AS audit, COUNT(*) AS offenders
FROM dwh.s_product_payment AS satellite
WHERE satellite.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND NOT EXISTS (
      SELECT 1
      FROM dwh.l_bonus_payments AS parent
      WHERE parent.hk_l_bonus_payment_id = satellite.hk_l_bonus_payment_id
  )
UNION ALL
SELECT 'a key of the batch stands twice' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.hk_l_bonus_payment_id, every_row.hashdiff
    FROM dwh.s_product_payment AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.s_product_payment AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.hk_l_bonus_payment_id = every_row.hk_l_bonus_payment_id
          AND new_row.hashdiff = every_row.hashdiff
    )
    GROUP BY every_row.hk_l_bonus_payment_id, every_row.hashdiff
    HAVING COUNT(*) > 1
) AS repeated;
