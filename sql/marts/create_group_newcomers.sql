-- View of who was added where: a row per group and user with an event "add" in it.
CREATE OR REPLACE VIEW {{ vault }}.group_newcomers AS
SELECT DISTINCT
    activity.hk_group_id,
    activity.hk_user_id
FROM {{ vault }}.l_user_group_activity AS activity
INNER JOIN {{ vault }}.s_auth_history AS history
    ON history.hk_l_user_group_activity = activity.hk_l_user_group_activity
WHERE history.event = 'add'
