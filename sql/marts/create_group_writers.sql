-- View of who wrote where: a row per group and user who wrote at least one message in it.
CREATE OR REPLACE VIEW {{ vault }}.group_writers AS
SELECT DISTINCT
    place.hk_group_id,
    author.hk_user_id
FROM {{ vault }}.l_groups_dialogs AS place
INNER JOIN {{ vault }}.l_user_message AS author ON author.hk_message_id = place.hk_message_id
