-- View of the figures of every group: added, writers, and those who are both; a group of nobody has zeros.
CREATE OR REPLACE VIEW dwh.group_figures AS
SELECT
    ranked.hk_group_id,
    ranked.group_id,
    ranked.group_name,
    ranked.age_rank,
    COALESCE(SUM(people.was_added), 0) AS cnt_added_users,
    COALESCE(SUM(people.was_added * people.wrote), 0) AS cnt_added_users_with_messages,
    COALESCE(SUM(people.wrote), 0) AS cnt_users_in_group_with_messages
FROM dwh.current_groups AS ranked
LEFT JOIN dwh.group_people AS people ON people.hk_group_id = ranked.hk_group_id AND people.age_rank = ranked.age_rank
GROUP BY ranked.hk_group_id, ranked.group_id, ranked.group_name, ranked.age_rank;
