-- Satellite {{ satellite.name }}: insert the versions of {{ parent.name }} that differ from the version before them: within
-- the batch in load order, and the first of the batch from the latest stored one. A, B, A keeps all three.
-- Reads the batch's rows of {{ source.name }}. Run once for a batch, as the vault ledger sees to.
{% from "patterns/keys.sql" import batch, hash_key, hashdiff with context %}
INSERT INTO {{ vault }}.{{ satellite.name }} ({{ parent.key }}, {% for name, column in columns %}{{ name }}, {% endfor %}hashdiff, load_dt, load_id, {% if is_numbered %}record_no, {% endif %}load_src)
SELECT
    versions.{{ parent.key }},
    {% for name, column in columns %}
    versions.{{ name }},
    {% endfor %}
    versions.hashdiff,
    CAST(:load_dt AS TIMESTAMP),
    versions.load_id,
    {% if is_numbered %}
    versions.record_no,
    {% endif %}
    loads.load_src
FROM (
    SELECT
        observed.{{ parent.key }},
        {% for name, column in columns %}
        observed.{{ name }},
        {% endfor %}
        observed.hashdiff,
        observed.load_id,
        {% if is_numbered %}
        observed.record_no,
        {% endif %}
        LAG(observed.hashdiff) OVER (PARTITION BY observed.{{ parent.key }} ORDER BY observed.load_id{% if is_numbered %}, observed.record_no{% endif %}) AS earlier_hashdiff
    FROM (
        SELECT
            {{ hash_key(entity, key_columns) }} AS {{ parent.key }},
            {% for name, column in columns %}
            staged.{{ column.name }} AS {{ name }},
            {% endfor %}
            {{ hashdiff(described) }} AS hashdiff,
            staged.load_id{% if is_numbered %},{% endif %}

            {% if is_numbered %}
            staged.record_no
            {% endif %}
        FROM {{ staging }}.{{ source.name }} AS staged
        WHERE staged.load_id IN ({{ batch() }})
    ) AS observed
) AS versions
INNER JOIN {{ staging }}.load_ledger AS loads ON loads.load_id = versions.load_id
LEFT JOIN (
    SELECT
        stored.{{ parent.key }},
        stored.hashdiff,
        ROW_NUMBER() OVER (
            PARTITION BY stored.{{ parent.key }} ORDER BY stored.load_dt DESC, stored.load_id DESC{% if is_numbered %}, stored.record_no DESC{% endif %}

        ) AS age
    FROM {{ vault }}.{{ satellite.name }} AS stored
    -- Only of the batch's keys: what the others say is not read.
    WHERE stored.{{ parent.key }} IN (
        SELECT {{ hash_key(entity, key_columns) }}
        FROM {{ staging }}.{{ source.name }} AS staged
        WHERE staged.load_id IN ({{ batch() }})
    )
) AS latest ON latest.{{ parent.key }} = versions.{{ parent.key }} AND latest.age = 1
WHERE COALESCE(versions.earlier_hashdiff, latest.hashdiff) IS NULL
   OR COALESCE(versions.earlier_hashdiff, latest.hashdiff) <> versions.hashdiff
