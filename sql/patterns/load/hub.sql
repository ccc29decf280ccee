-- Hub {{ hub.name }}: insert the business keys that it does not hold; every column that names one is a source.
-- The earliest load that names a key is its source. Reads the batch's rows of staging. Run once for a batch:
-- that no batch is taken twice is the vault ledger's doing.
{% from "patterns/keys.sql" import batch, hash_key with context %}
INSERT INTO {{ vault }}.{{ hub.name }} ({{ hub.key }}, {{ hub.business_key }}, load_dt, load_src)
SELECT
    records_to_insert.{{ hub.key }},
    records_to_insert.{{ hub.business_key }},
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        {{ hash_key(hub.entity, [hub.business_key]) }} AS {{ hub.key }},
        staged.{{ hub.business_key }},
        staged.first_load_id
    FROM (
        SELECT
            named.{{ hub.business_key }},
            MIN(named.load_id) AS first_load_id
        FROM (
            {% for source in sources %}
            SELECT
                {{ source.table.name }}.{{ source.column.name }} AS {{ hub.business_key }},
                {{ source.table.name }}.load_id
            FROM {{ staging }}.{{ source.table.name }}
            WHERE {{ source.table.name }}.load_id IN ({{ batch() }}) AND {{ source.table.name }}.{{ source.column.name }} IS NOT NULL
            {% if not loop.last %}
            UNION ALL
            {% endif %}
            {% endfor %}
        ) AS named
        GROUP BY named.{{ hub.business_key }}
    ) AS staged
) AS records_to_insert
INNER JOIN {{ staging }}.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM {{ vault }}.{{ hub.name }} AS hub
    WHERE hub.{{ hub.key }} = records_to_insert.{{ hub.key }}
)
