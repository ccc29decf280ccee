-- Satellite {{ satellite.name }}: insert where a key of {{ parent.name }} came or went, compared as versions are.
-- A row that names the key says that it is there{% if is_log %}, or that it was deleted{% endif %}; a whole read that does not name it says that it is gone,
-- unless a record of the read was refused. Known are the keys that stand here and those that earlier loads of the batch named.
-- Reads the batch's rows of {{ source.name }}. Run once for a batch, as the vault ledger sees to.
{% from "patterns/keys.sql" import batch, hash_key, hashdiff with context %}
{% from "patterns/load/whole_reads.sql" import whole_reads with context %}
INSERT INTO {{ vault }}.{{ satellite.name }} ({{ parent.key }}, is_deleted, source_at, hashdiff, load_dt, load_id, record_no, load_src)
SELECT
    versions.{{ parent.key }},
    versions.is_deleted,
    versions.source_at,
    versions.hashdiff,
    CAST(:load_dt AS TIMESTAMP),
    versions.load_id,
    versions.record_no,
    loads.load_src
FROM (
    SELECT
        observed.{{ parent.key }},
        observed.is_deleted,
        observed.source_at,
        observed.hashdiff,
        observed.load_id,
        observed.record_no,
        LAG(observed.hashdiff) OVER (PARTITION BY observed.{{ parent.key }} ORDER BY observed.load_id, observed.record_no) AS earlier_hashdiff
    FROM (
        SELECT
            staged.{{ parent.key }},
            staged.is_deleted,
            staged.source_at,
            {{ hashdiff(described) }} AS hashdiff,
            staged.load_id,
            staged.record_no
        FROM (
            SELECT
                {{ hash_key(entity, key_columns) }} AS {{ parent.key }},
                {% if is_log %}
                staged.op = '{{ delete }}' AS is_deleted,
                staged.source_at,
                {% else %}
                FALSE AS is_deleted,
                loads.last_modified AS source_at,
                {% endif %}
                staged.load_id,
                staged.record_no
            FROM {{ staging }}.{{ source.name }} AS staged
            {% if not is_log %}
            INNER JOIN {{ staging }}.load_ledger AS loads ON loads.load_id = staged.load_id
            {% endif %}
            WHERE staged.load_id IN ({{ batch() }})
              AND staged.{{ key_columns[0] }} IS NOT NULL
            UNION ALL
            SELECT
                known.{{ parent.key }},
                TRUE AS is_deleted,
                whole_reads.source_at,
                whole_reads.load_id,
                whole_reads.record_no
            FROM (
                SELECT
                    every_key.{{ parent.key }},
                    MIN(every_key.load_id) AS load_id
                FROM (
                    SELECT
                        {{ hash_key(entity, key_columns) }} AS {{ parent.key }},
                        staged.load_id
                    FROM {{ staging }}.{{ source.name }} AS staged
                    WHERE staged.load_id IN ({{ batch() }})
                      AND staged.{{ key_columns[0] }} IS NOT NULL
                    UNION ALL
                    SELECT
                        stored.{{ parent.key }},
                        stored.load_id
                    FROM {{ vault }}.{{ satellite.name }} AS stored
                ) AS every_key
                GROUP BY every_key.{{ parent.key }}
            ) AS known
            INNER JOIN (
                {{ whole_reads() | indent(16) }}
            ) AS whole_reads ON known.load_id < whole_reads.load_id
            LEFT JOIN (
                SELECT DISTINCT
                    {{ hash_key(entity, key_columns) }} AS {{ parent.key }},
                    staged.load_id
                FROM {{ staging }}.{{ source.name }} AS staged
                WHERE staged.load_id IN ({{ batch() }})
                  AND staged.{{ key_columns[0] }} IS NOT NULL
            ) AS named ON named.load_id = whole_reads.load_id AND named.{{ parent.key }} = known.{{ parent.key }}
            WHERE named.load_id IS NULL
        ) AS staged
    ) AS observed
) AS versions
INNER JOIN {{ staging }}.load_ledger AS loads ON loads.load_id = versions.load_id
LEFT JOIN (
    SELECT
        stored.{{ parent.key }},
        stored.hashdiff,
        ROW_NUMBER() OVER (
            PARTITION BY stored.{{ parent.key }} ORDER BY stored.load_dt DESC, stored.load_id DESC, stored.record_no DESC
        ) AS age
    FROM {{ vault }}.{{ satellite.name }} AS stored
) AS latest ON latest.{{ parent.key }} = versions.{{ parent.key }} AND latest.age = 1
WHERE COALESCE(versions.earlier_hashdiff, latest.hashdiff) IS NULL
   OR COALESCE(versions.earlier_hashdiff, latest.hashdiff) <> versions.hashdiff
