-- Audits of {{ satellite.name }} after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
{% from "patterns/audit/parts.sql" import orphans, wrong_hashdiff with context %}
{{ orphans(satellite.name, parent) }}
UNION ALL
{{ wrong_hashdiff(satellite.name, stored) }}
UNION ALL
SELECT 'two equal versions follow each other' AS audit, COUNT(*) AS offenders
FROM (
    SELECT
        every_row.hashdiff,
        LAG(every_row.hashdiff) OVER (
            PARTITION BY every_row.{{ parent.key }} ORDER BY every_row.load_dt, every_row.load_id
        ) AS earlier_hashdiff
    FROM {{ vault }}.{{ satellite.name }} AS every_row
    WHERE every_row.{{ parent.key }} IN (
        SELECT new_row.{{ parent.key }} FROM {{ vault }}.{{ satellite.name }} AS new_row WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
    )
) AS versions
WHERE versions.hashdiff = versions.earlier_hashdiff
