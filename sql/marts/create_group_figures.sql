-- View of the figures of every group: added, writers, and those who are both.
CREATE OR REPLACE VIEW {{ vault }}.group_figures AS
SELECT
    oldest.hk_group_id,
    oldest.group_id,
    oldest.group_name,
    oldest.age_rank,
    COALESCE(added.cnt_users, 0) AS cnt_added_users,
    COALESCE(added.cnt_writers, 0) AS cnt_added_users_with_messages,
    COALESCE(written.cnt_users, 0) AS cnt_users_in_group_with_messages
FROM {{ vault }}.current_groups AS oldest
LEFT JOIN (
    SELECT
        newcomers.hk_group_id,
        COUNT(*) AS cnt_users,
        COUNT(writers.hk_user_id) AS cnt_writers
    FROM {{ vault }}.group_newcomers AS newcomers
    LEFT JOIN {{ vault }}.group_writers AS writers
        ON writers.hk_group_id = newcomers.hk_group_id AND writers.hk_user_id = newcomers.hk_user_id
    GROUP BY newcomers.hk_group_id
) AS added ON added.hk_group_id = oldest.hk_group_id
LEFT JOIN (
    SELECT
        writers.hk_group_id,
        COUNT(*) AS cnt_users
    FROM {{ vault }}.group_writers AS writers
    GROUP BY writers.hk_group_id
) AS written ON written.hk_group_id = oldest.hk_group_id
