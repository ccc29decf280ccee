-- The ages of the users who write in the oldest groups, as many as asked for; an unknown age is NULL.
SELECT
    described.age,
    COUNT(*) AS cnt_users
FROM (
    SELECT DISTINCT people.hk_user_id
    FROM dwh.group_people AS people
    WHERE people.wrote = 1
      AND people.age_rank <= :oldest_groups
) AS authors
LEFT JOIN (
    SELECT
        versions.hk_user_id,
        versions.age,
        ROW_NUMBER() OVER (PARTITION BY versions.hk_user_id ORDER BY versions.load_dt DESC, versions.load_id DESC) AS version_rank
    FROM dwh.s_user_socdem AS versions
) AS described ON described.hk_user_id = authors.hk_user_id AND described.version_rank = 1
GROUP BY described.age
ORDER BY cnt_users DESC, described.age;
