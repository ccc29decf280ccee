-- View of the ages of the users who write in the ten oldest groups; an unknown age is NULL.
-- The LIMIT is above every number of ages: Vertica keeps the order of a view only where the view has one.
CREATE OR REPLACE VIEW {{ vault }}.author_ages AS
SELECT
    people.age,
    COUNT(*) AS cnt_users
FROM (
    SELECT DISTINCT writers.hk_user_id
    FROM {{ vault }}.group_writers AS writers
    INNER JOIN {{ vault }}.current_groups AS oldest ON oldest.hk_group_id = writers.hk_group_id
    WHERE oldest.age_rank <= 10
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
LIMIT 1000
