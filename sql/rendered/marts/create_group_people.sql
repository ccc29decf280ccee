-- View of who is in a group: a row per group and user, with 1 for "was added" and for "wrote a message there".
-- The group's rank by age comes along, so that who asks for some groups has no others read.
CREATE OR REPLACE VIEW dwh.group_people AS
SELECT
    signs.hk_group_id,
    signs.age_rank,
    signs.hk_user_id,
    MAX(signs.was_added) AS was_added,
    MAX(signs.wrote) AS wrote
FROM (
    SELECT
        ranked.hk_group_id,
        ranked.age_rank,
        activity.hk_user_id,
        1 AS was_added,
        0 AS wrote
    FROM dwh.current_groups AS ranked
    INNER JOIN dwh.l_user_group_activity AS activity ON activity.hk_group_id = ranked.hk_group_id
    INNER JOIN dwh.s_auth_history AS history
        ON history.hk_l_user_group_activity = activity.hk_l_user_group_activity
    WHERE history.event = 'add'
    UNION ALL
    SELECT
        ranked.hk_group_id,
        ranked.age_rank,
        author.hk_user_id,
        0 AS was_added,
        1 AS wrote
    FROM dwh.current_groups AS ranked
    INNER JOIN dwh.l_groups_dialogs AS place ON place.hk_group_id = ranked.hk_group_id
    INNER JOIN dwh.l_user_message AS author ON author.hk_message_id = place.hk_message_id
) AS signs
GROUP BY signs.hk_group_id, signs.age_rank, signs.hk_user_id;
