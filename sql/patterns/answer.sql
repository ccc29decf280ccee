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
    described.age,
    COUNT(*) AS cnt_users
FROM (
    SELECT DISTINCT people.hk_user_id
    FROM {{ vault }}.group_people AS people
    WHERE people.wrote = 1
      AND people.age_rank <= {{ caller() }}
) AS authors
LEFT JOIN (
    SELECT
        versions.hk_user_id,
        versions.age,
        ROW_NUMBER() OVER (PARTITION BY versions.hk_user_id ORDER BY versions.load_dt DESC, versions.load_id DESC) AS version_rank
    FROM {{ vault }}.s_user_socdem AS versions
) AS described ON described.hk_user_id = authors.hk_user_id AND described.version_rank = 1
GROUP BY described.age
ORDER BY cnt_users DESC, described.age
{% endmacro %}
