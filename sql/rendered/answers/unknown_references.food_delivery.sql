-- Keys that some file names and that never came in their own file, for each hub that has one.
SELECT
    'bonus_users' AS hub,
    COUNT(*) AS absent
FROM dwh.h_bonus_users AS hub
WHERE NOT EXISTS (SELECT 1 FROM dwh.s_bonus_user_presence AS described WHERE described.hk_bonus_user_id = hub.hk_bonus_user_id)
UNION ALL
SELECT
    'couriers' AS hub,
    COUNT(*) AS absent
FROM dwh.h_couriers AS hub
WHERE NOT EXISTS (SELECT 1 FROM dwh.s_courier_info AS described WHERE described.hk_courier_id = hub.hk_courier_id)
UNION ALL
SELECT
    'order_users' AS hub,
    COUNT(*) AS absent
FROM dwh.h_order_users AS hub
WHERE NOT EXISTS (SELECT 1 FROM dwh.s_order_user_info AS described WHERE described.hk_order_user_id = hub.hk_order_user_id)
UNION ALL
SELECT
    'orders' AS hub,
    COUNT(*) AS absent
FROM dwh.h_orders AS hub
WHERE NOT EXISTS (SELECT 1 FROM dwh.s_order_info AS described WHERE described.hk_order_id = hub.hk_order_id)
UNION ALL
SELECT
    'ranks' AS hub,
    COUNT(*) AS absent
FROM dwh.h_ranks AS hub
WHERE NOT EXISTS (SELECT 1 FROM dwh.s_rank_info AS described WHERE described.hk_rank_id = hub.hk_rank_id)
UNION ALL
SELECT
    'restaurants' AS hub,
    COUNT(*) AS absent
FROM dwh.h_restaurants AS hub
WHERE NOT EXISTS (SELECT 1 FROM dwh.s_courier_restaurant_info AS described WHERE described.hk_restaurant_id = hub.hk_restaurant_id)
  AND NOT EXISTS (SELECT 1 FROM dwh.s_restaurant_info AS described WHERE described.hk_restaurant_id = hub.hk_restaurant_id);
