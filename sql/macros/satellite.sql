{% from "macros/keys.sql" import batch, hash_key, hashdiff with context %}
{#
   Insert the versions that differ from the version before them: within the batch in load order, and the
   first of the batch from the latest stored one. A, B, A keeps all three.
   `parent` is the entity and its business key columns; `columns` are triples of column, staging column, kind.
#}
{% macro satellite(table, key, parent, source, columns) %}
INSERT INTO {{ vault }}.{{ table }} ({{ key }}, {% for column, origin, kind in columns %}{{ column }}, {% endfor %}hashdiff, load_dt, load_id, load_src)
SELECT
    versions.{{ key }},
    {% for column, origin, kind in columns %}
    versions.{{ column }},
    {% endfor %}
    versions.hashdiff,
    CAST(:load_dt AS TIMESTAMP),
    versions.load_id,
    loads.load_src
FROM (
    SELECT
        observed.{{ key }},
        {% for column, origin, kind in columns %}
        observed.{{ column }},
        {% endfor %}
        observed.hashdiff,
        observed.load_id,
        LAG(observed.hashdiff) OVER (PARTITION BY observed.{{ key }} ORDER BY observed.load_id) AS earlier_hashdiff
    FROM (
        SELECT
            {{ hash_key(parent[0], parent[1]) }} AS {{ key }},
            {% for column, origin, kind in columns %}
            staged.{{ origin }} AS {{ column }},
            {% endfor %}
            {{ hashdiff(columns) }} AS hashdiff,
            staged.load_id
        FROM {{ staging }}.{{ source }} AS staged
        WHERE staged.load_id IN ({{ batch() }})
    ) AS observed
) AS versions
INNER JOIN {{ staging }}.load_ledger AS loads ON loads.load_id = versions.load_id
LEFT JOIN (
    SELECT
        stored.{{ key }},
        stored.hashdiff,
        ROW_NUMBER() OVER (
            PARTITION BY stored.{{ key }} ORDER BY stored.load_dt DESC, stored.load_id DESC
        ) AS age
    FROM {{ vault }}.{{ table }} AS stored
) AS latest ON latest.{{ key }} = versions.{{ key }} AND latest.age = 1
WHERE COALESCE(versions.earlier_hashdiff, latest.hashdiff) IS NULL
   OR COALESCE(versions.earlier_hashdiff, latest.hashdiff) <> versions.hashdiff
{% endmacro %}
