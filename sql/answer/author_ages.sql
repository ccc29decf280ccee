-- The ages of the users who write in the oldest groups, as many as asked for; an unknown age is NULL.
SELECT
    people.age,
    COUNT(*) AS cnt_users
FROM (
    SELECT DISTINCT writers.hk_user_id
    FROM {{ vault }}.group_writers AS writers
    INNER JOIN {{ vault }}.current_groups AS oldest ON oldest.hk_group_id = writers.hk_group_id
    WHERE oldest.age_rank <= :oldest_groups
) AS authors
LEFT JOIN (
    SELECT
        versions.hk_user_id,
        versions.age,
        ROW_NUMBER() OVER (PARTITION BY versions.hk_user_id ORDER BY versions.load_dt DESC, versions.load_id DESC) AS version_rank
    FROM {{ vault }}.s_user_socdem AS versions
) AS people ON people.hk_user_id = authors.hk_user_id AND people.version_rank = 1
GROUP BY people.age
ORDER BY cnt_users DESC, people.age
