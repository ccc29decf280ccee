{% from "macros/keys.sql" import batch, hash_key, hashdiff with context %}
{#
   Insert the events that the satellite does not hold: each distinct event of a key once, whatever came
   before or after it. Events are no versions, so nothing is compared with a neighbour.
   `parent` is the entity and its business key columns; `columns` are triples of column, staging column, kind.
#}
{% macro event_satellite(table, key, parent, source, columns) %}
INSERT INTO {{ vault }}.{{ table }} ({{ key }}, {% for column, origin, kind in columns %}{{ column }}, {% endfor %}hashdiff, load_dt, load_id, load_src)
SELECT
    events.{{ key }},
    {% for column, origin, kind in columns %}
    events.{{ column }},
    {% endfor %}
    events.hashdiff,
    CAST(:load_dt AS TIMESTAMP),
    events.load_id,
    loads.load_src
FROM (
    SELECT
        {{ hash_key(parent[0], parent[1]) }} AS {{ key }},
        {% for column, origin, kind in columns %}
        staged.{{ origin }} AS {{ column }},
        {% endfor %}
        {{ hashdiff(columns) }} AS hashdiff,
        staged.load_id
    FROM (
        SELECT
            {% for column, origin, kind in columns %}
            {{ source }}.{{ origin }},
            {% endfor %}
            {% for column in parent[1] %}
            {{ source }}.{{ column }},
            {% endfor %}
            MIN({{ source }}.load_id) AS load_id
        FROM {{ staging }}.{{ source }}
        WHERE {{ source }}.load_id IN ({{ batch() }})
        GROUP BY {% for column, origin, kind in columns %}{{ source }}.{{ origin }}, {% endfor %}{% for column in parent[1] %}{{ source }}.{{ column }}{% if not loop.last %}, {% endif %}{% endfor %}

    ) AS staged
) AS events
INNER JOIN {{ staging }}.load_ledger AS loads ON loads.load_id = events.load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM {{ vault }}.{{ table }} AS stored
    WHERE stored.{{ key }} = events.{{ key }} AND stored.hashdiff = events.hashdiff
)
{% endmacro %}
