{#
   The marketers' questions for the oldest groups; the caller says how many. The views ask for ten.
#}
{% macro group_conversion() %}
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
FROM {{ vault }}.group_conversion_by_age AS answer
WHERE answer.age_rank <= {{ caller() }}
ORDER BY CASE WHEN answer.group_conversion IS NULL THEN 1 ELSE 0 END, answer.group_conversion DESC, answer.group_id
{% endmacro %}

{% macro author_ages() %}
SELECT
    people.age,
    COUNT(*) AS cnt_users
FROM (
    SELECT DISTINCT writers.hk_user_id
    FROM {{ vault }}.group_writers AS writers
    INNER JOIN {{ vault }}.current_groups AS oldest ON oldest.hk_group_id = writers.hk_group_id
    WHERE oldest.age_rank <= {{ caller() }}
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
{% endmacro %}
