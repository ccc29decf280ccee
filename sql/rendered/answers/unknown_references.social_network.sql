-- Keys that some file names and that never came in their own file, for each hub that has one.
SELECT
    'groups' AS hub,
    COUNT(*) AS absent
FROM dwh.h_groups AS hub
WHERE NOT EXISTS (SELECT 1 FROM dwh.s_group_name AS described WHERE described.hk_group_id = hub.hk_group_id)
UNION ALL
SELECT
    'users' AS hub,
    COUNT(*) AS absent
FROM dwh.h_users AS hub
WHERE NOT EXISTS (SELECT 1 FROM dwh.s_user_chatinfo AS described WHERE described.hk_user_id = hub.hk_user_id);
