-- View of the answer: in which of the ten oldest groups newcomers start to talk.
-- A group to which nobody was added has no conversion and stands last.
-- Vertica keeps the order of a view only where the view has a LIMIT.
CREATE OR REPLACE VIEW dwh.group_conversion AS
SELECT
    answer.hk_group_id,
    answer.group_id,
    answer.group_name,
    answer.cnt_added_users,
    answer.cnt_users_in_group_with_messages,
    answer.group_conversion,
    answer.cnt_added_users_with_messages,
    answer.added_user_conversion,
    answer.conversion_low,
    answer.conversion_high
FROM dwh.group_conversion_by_age AS answer
WHERE answer.age_rank <= 10
ORDER BY CASE WHEN answer.group_conversion IS NULL THEN 1 ELSE 0 END, answer.group_conversion DESC, answer.group_id
LIMIT 10;
