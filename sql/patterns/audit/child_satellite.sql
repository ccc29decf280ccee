-- Audits of {{ satellite.name }} after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch here, in {{ satellite.follows.name }} and in {{ source.name }}. Safe to repeat.
{% from "patterns/audit/parts.sql" import orphans with context %}
{% from "patterns/keys.sql" import hashdiff with context %}
{{ orphans(satellite.name, parent) }}
UNION ALL
SELECT 'a part has no version that it is of' AS audit, COUNT(*) AS offenders
FROM {{ vault }}.{{ satellite.name }} AS part
WHERE part.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND NOT EXISTS (
      SELECT 1
      FROM {{ vault }}.{{ satellite.follows.name }} AS version
      WHERE version.{{ parent.key }} = part.{{ parent.key }}
        AND version.load_dt = part.load_dt
        AND version.load_id = part.load_id
        AND version.record_no = part.record_no
  )
UNION ALL
SELECT 'a version has other parts than were staged with it' AS audit, COUNT(*) AS offenders
FROM (
    SELECT
        compared.load_id,
        compared.record_no,
        compared.hashdiff
    FROM (
        SELECT
            staged.load_id,
            staged.record_no,
            {{ hashdiff(stored) }} AS hashdiff,
            1 AS found
        FROM {{ vault }}.{{ satellite.name }} AS staged
        WHERE staged.load_dt = CAST(:load_dt AS TIMESTAMP)
        UNION ALL
        SELECT
            staged.load_id,
            staged.record_no,
            {{ hashdiff(described) }} AS hashdiff,
            -1 AS found
        FROM {{ staging }}.{{ source.name }} AS staged
        INNER JOIN {{ vault }}.{{ satellite.follows.name }} AS version ON version.load_id = staged.load_id AND version.record_no = staged.record_no
        WHERE version.load_dt = CAST(:load_dt AS TIMESTAMP)
    ) AS compared
    GROUP BY compared.load_id, compared.record_no, compared.hashdiff
    HAVING SUM(compared.found) <> 0
) AS differing
