-- View of the conversion of every group, with its rank by age.
-- group_conversion is the course's figure: writers by added, and no proportion, for writers need not be among the added.
-- added_user_conversion is one; low and high are its Wilson score interval for 95 % (E. B. Wilson, 1927; z = 1.959964).
CREATE OR REPLACE VIEW dwh.group_conversion_by_age AS
SELECT
    shares.hk_group_id,
    shares.group_id,
    shares.group_name,
    shares.age_rank,
    shares.cnt_added_users,
    shares.cnt_users_in_group_with_messages,
    shares.group_conversion,
    shares.cnt_added_users_with_messages,
    shares.added_user_conversion,
    -- Rounding must not push an end of the interval out of what a share can be.
    GREATEST(
        0::FLOAT,
        (shares.added_user_conversion + 1.9207294103470 / shares.n - shares.half_width) / (1 + 3.8414588206941 / shares.n)
    ) AS conversion_low,
    LEAST(
        1::FLOAT,
        (shares.added_user_conversion + 1.9207294103470 / shares.n + shares.half_width) / (1 + 3.8414588206941 / shares.n)
    ) AS conversion_high
FROM (
    SELECT
        parts.hk_group_id,
        parts.group_id,
        parts.group_name,
        parts.age_rank,
        parts.cnt_added_users,
        parts.cnt_users_in_group_with_messages,
        parts.cnt_added_users_with_messages,
        parts.n,
        parts.group_conversion,
        parts.added_user_conversion,
        1.9599639845401 * SQRT(
            parts.added_user_conversion * (1 - parts.added_user_conversion) / parts.n + 0.9603647051735 / (parts.n * parts.n)
        ) AS half_width
    FROM (
        SELECT
            figures.hk_group_id,
            figures.group_id,
            figures.group_name,
            figures.age_rank,
            figures.cnt_added_users,
            figures.cnt_users_in_group_with_messages,
            figures.cnt_added_users_with_messages,
            NULLIF(figures.cnt_added_users, 0)::FLOAT AS n,
            figures.cnt_users_in_group_with_messages::FLOAT / NULLIF(figures.cnt_added_users, 0)::FLOAT AS group_conversion,
            figures.cnt_added_users_with_messages::FLOAT / NULLIF(figures.cnt_added_users, 0)::FLOAT AS added_user_conversion
        FROM dwh.group_figures AS figures
    ) AS parts
) AS shares;
