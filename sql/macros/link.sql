{% from "macros/keys.sql" import batch, hash_key with context %}
{#
   Insert the relations that the link does not hold. `ends` are the hubs it joins: hash key, entity and
   the staging column with the business key. The link's key comes from the business keys, so no hub is read.
#}
{% macro link(table, key, source, ends) %}
INSERT INTO {{ vault }}.{{ table }} ({{ key }}, {% for end_key, entity, column in ends %}{{ end_key }}, {% endfor %}load_dt, load_src)
SELECT
    records_to_insert.{{ key }},
    {% for end_key, entity, column in ends %}
    records_to_insert.{{ end_key }},
    {% endfor %}
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        {{ hash_key(table, ends | map(attribute=2)) }} AS {{ key }},
        {% for end_key, entity, column in ends %}
        {{ hash_key(entity, [column]) }} AS {{ end_key }},
        {% endfor %}
        staged.first_load_id
    FROM (
        SELECT
            {% for end_key, entity, column in ends %}
            {{ source }}.{{ column }},
            {% endfor %}
            MIN({{ source }}.load_id) AS first_load_id
        FROM {{ staging }}.{{ source }}
        WHERE {{ source }}.load_id IN ({{ batch() }})
        {% for end_key, entity, column in ends %}
          AND {{ source }}.{{ column }} IS NOT NULL
        {% endfor %}
        GROUP BY {% for end_key, entity, column in ends %}{{ source }}.{{ column }}{% if not loop.last %}, {% endif %}{% endfor %}

    ) AS staged
) AS records_to_insert
INNER JOIN {{ staging }}.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM {{ vault }}.{{ table }} AS link
    WHERE link.{{ key }} = records_to_insert.{{ key }}
)
{% endmacro %}
