-- Audits of {{ satellite.name }} after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
{% from "patterns/audit/parts.sql" import equal_versions, orphans, wrong_hashdiff with context %}
{% from "patterns/keys.sql" import batch, hash_key with context %}
{% from "patterns/load/whole_reads.sql" import whole_reads with context %}
{{ orphans(satellite.name, parent) }}
UNION ALL
{{ wrong_hashdiff(satellite.name, stored) }}
UNION ALL
{{ equal_versions(satellite.name, parent, is_numbered) }}
UNION ALL
SELECT 'a key that the batch names has no row' AS audit, COUNT(*) AS offenders
FROM (
    SELECT DISTINCT {{ hash_key(entity, key_columns) }} AS {{ parent.key }}
    FROM {{ staging }}.{{ source.name }} AS staged
    WHERE staged.load_id IN ({{ batch() }})
      AND staged.{{ key_columns[0] }} IS NOT NULL
) AS named
WHERE NOT EXISTS (
    SELECT 1
    FROM {{ vault }}.{{ satellite.name }} AS stored
    WHERE stored.{{ parent.key }} = named.{{ parent.key }}
)
UNION ALL
SELECT 'a key that a whole read names is gone by it' AS audit, COUNT(*) AS offenders
FROM {{ vault }}.{{ satellite.name }} AS gone
INNER JOIN (
    {{ whole_reads() | indent(4) }}
) AS whole_reads ON whole_reads.load_id = gone.load_id AND whole_reads.record_no = gone.record_no
INNER JOIN (
    SELECT DISTINCT
        {{ hash_key(entity, key_columns) }} AS {{ parent.key }},
        staged.load_id
    FROM {{ staging }}.{{ source.name }} AS staged
    WHERE staged.load_id IN ({{ batch() }})
      AND staged.{{ key_columns[0] }} IS NOT NULL
) AS named ON named.load_id = gone.load_id AND named.{{ parent.key }} = gone.{{ parent.key }}
WHERE gone.load_dt = CAST(:load_dt AS TIMESTAMP)
