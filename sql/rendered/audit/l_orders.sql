-- Audits of l_orders after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
SELECT 'a key of the batch stands twice' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.hk_l_order_id
    FROM dwh.l_orders AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.l_orders AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.hk_l_order_id = every_row.hk_l_order_id
    )
    GROUP BY every_row.hk_l_order_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a key has a second row, with other ends' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.hk_order_id
    FROM dwh.l_orders AS every_row
    WHERE every_row.hk_order_id IN (
        SELECT new_row.hk_order_id FROM dwh.l_orders AS new_row WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
    )
    GROUP BY every_row.hk_order_id
    HAVING COUNT(*) > 1
) AS joined_twice
UNION ALL
SELECT 'a hub row is absent, or the hash key is not that of the business keys' AS audit, COUNT(*) AS offenders
FROM (
    SELECT
        link.hk_l_order_id,
        h_orders.order_id,
        h_restaurants.restaurant_id,
        h_order_users.order_user_id
    FROM dwh.l_orders AS link
    LEFT JOIN dwh.h_orders ON h_orders.hk_order_id = link.hk_order_id
    LEFT JOIN dwh.h_restaurants ON h_restaurants.hk_restaurant_id = link.hk_restaurant_id
    LEFT JOIN dwh.h_order_users ON h_order_users.hk_order_user_id = link.hk_order_user_id
    WHERE link.load_dt = CAST(:load_dt AS TIMESTAMP)
) AS staged
WHERE staged.order_id IS NULL OR staged.restaurant_id IS NULL OR staged.order_user_id IS NULL OR staged.hk_l_order_id <> MD5('l_orders;' || staged.order_id::VARCHAR || ';' || staged.restaurant_id::VARCHAR || ';' || staged.order_user_id::VARCHAR)::UUID;
