-- Users and groups that some file names and that never came in their own file.
SELECT
    'users' AS hub,
    COUNT(*) AS absent
FROM {{ vault }}.h_users AS hub
WHERE NOT EXISTS (SELECT 1 FROM {{ vault }}.s_user_socdem AS described WHERE described.hk_user_id = hub.hk_user_id)
UNION ALL
SELECT
    'groups' AS hub,
    COUNT(*) AS absent
FROM {{ vault }}.h_groups AS hub
WHERE NOT EXISTS (SELECT 1 FROM {{ vault }}.s_group_name AS described WHERE described.hk_group_id = hub.hk_group_id)
