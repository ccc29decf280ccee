-- Satellite {{ satellite.name }}: insert the events of {{ parent.name }} that it does not hold: each distinct event once, whatever
-- came before or after it. Reads the batch's rows of {{ source.name }}. Run once for a batch, as the vault ledger sees to.
{% from "patterns/keys.sql" import batch, hash_key, hashdiff with context %}
INSERT INTO {{ vault }}.{{ satellite.name }} ({{ parent.key }}, {% for name, column in columns %}{{ name }}, {% endfor %}hashdiff, load_dt, load_id, load_src)
SELECT
    events.{{ parent.key }},
    {% for name, column in columns %}
    events.{{ name }},
    {% endfor %}
    events.hashdiff,
    CAST(:load_dt AS TIMESTAMP),
    events.load_id,
    loads.load_src
FROM (
    SELECT
        {{ hash_key(entity, key_columns) }} AS {{ parent.key }},
        {% for name, column in columns %}
        staged.{{ column.name }} AS {{ name }},
        {% endfor %}
        {{ hashdiff(described) }} AS hashdiff,
        staged.load_id
    FROM (
        SELECT
            {% for name, column in columns %}
            {{ source.name }}.{{ column.name }},
            {% endfor %}
            {% for column in key_columns %}
            {{ source.name }}.{{ column }},
            {% endfor %}
            MIN({{ source.name }}.load_id) AS load_id
        FROM {{ staging }}.{{ source.name }}
        WHERE {{ source.name }}.load_id IN ({{ batch() }})
        GROUP BY {% for name, column in columns %}{{ source.name }}.{{ column.name }}, {% endfor %}{% for column in key_columns %}{{ source.name }}.{{ column }}{% if not loop.last %}, {% endif %}{% endfor %}

    ) AS staged
) AS events
INNER JOIN {{ staging }}.load_ledger AS loads ON loads.load_id = events.load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM {{ vault }}.{{ satellite.name }} AS stored
    WHERE stored.{{ parent.key }} = events.{{ parent.key }} AND stored.hashdiff = events.hashdiff
)
