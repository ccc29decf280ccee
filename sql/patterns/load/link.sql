-- Link {{ link.name }}: insert the relations that it does not hold. Its key comes from the business keys of its
-- hubs, so no hub is read. Reads the batch's rows of {{ source.name }}. Run once for a batch, as the vault ledger sees to.
{% from "patterns/keys.sql" import batch, hash_key with context %}
INSERT INTO {{ vault }}.{{ link.name }} ({{ link.key }}, {% for hub, column in ends %}{{ hub.key }}, {% endfor %}load_dt, load_src)
SELECT
    records_to_insert.{{ link.key }},
    {% for hub, column in ends %}
    records_to_insert.{{ hub.key }},
    {% endfor %}
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        {{ hash_key(link.name, link.ends) }} AS {{ link.key }},
        {% for hub, column in ends %}
        {{ hash_key(hub.entity, [column.name]) }} AS {{ hub.key }},
        {% endfor %}
        staged.first_load_id
    FROM (
        SELECT
            {% for hub, column in ends %}
            {{ source.name }}.{{ column.name }},
            {% endfor %}
            MIN({{ source.name }}.load_id) AS first_load_id
        FROM {{ staging }}.{{ source.name }}
        WHERE {{ source.name }}.load_id IN ({{ batch() }})
        {% for hub, column in ends %}
          AND {{ source.name }}.{{ column.name }} IS NOT NULL
        {% endfor %}
        GROUP BY {% for hub, column in ends %}{{ source.name }}.{{ column.name }}{% if not loop.last %}, {% endif %}{% endfor %}

    ) AS staged
) AS records_to_insert
INNER JOIN {{ staging }}.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM {{ vault }}.{{ link.name }} AS link
    WHERE link.{{ link.key }} = records_to_insert.{{ link.key }}
)
