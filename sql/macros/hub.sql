{% from "macros/keys.sql" import batch, hash_key with context %}
{#
   Insert the business keys that the hub does not hold. A hub is fed from every source that names the
   key: `sources` are pairs of staging table and column. The earliest load that names a key is its source.
#}
{% macro hub(table, key, business_key, entity, sources) %}
INSERT INTO {{ vault }}.{{ table }} ({{ key }}, {{ business_key }}, load_dt, load_src)
SELECT
    records_to_insert.{{ key }},
    records_to_insert.{{ business_key }},
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        {{ hash_key(entity, [business_key]) }} AS {{ key }},
        staged.{{ business_key }},
        staged.first_load_id
    FROM (
        SELECT
            named.{{ business_key }},
            MIN(named.load_id) AS first_load_id
        FROM (
            {% for source, column in sources %}
            SELECT
                {{ source }}.{{ column }} AS {{ business_key }},
                {{ source }}.load_id
            FROM {{ staging }}.{{ source }}
            WHERE {{ source }}.load_id IN ({{ batch() }}) AND {{ source }}.{{ column }} IS NOT NULL
            {% if not loop.last %}
            UNION ALL
            {% endif %}
            {% endfor %}
        ) AS named
        GROUP BY named.{{ business_key }}
    ) AS staged
) AS records_to_insert
INNER JOIN {{ staging }}.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM {{ vault }}.{{ table }} AS hub
    WHERE hub.{{ key }} = records_to_insert.{{ key }}
)
{% endmacro %}
