-- Audits of {{ hub.name }} after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
{% from "patterns/audit/parts.sql" import from_repeats, repeats with context %}
{% from "patterns/keys.sql" import batch, hash_key with context %}
{{ repeats(hub.name, [hub.key]) }}
UNION ALL
SELECT 'a hash key is not that of its business key' AS audit, COUNT(*) AS offenders
FROM {{ vault }}.{{ hub.name }} AS staged
WHERE staged.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND staged.{{ hub.key }} <> {{ hash_key(hub.entity, [hub.business_key]) }}
UNION ALL
SELECT 'a business key of the batch stands twice, under two hash keys' AS audit, COUNT(*) AS offenders
{{ from_repeats(hub.name, [hub.business_key]) }}
UNION ALL
SELECT 'a business key of the batch is absent, or its hash key belongs to another' AS audit, COUNT(*) AS offenders
FROM (
    {% for source in sources %}
    SELECT {{ source.table.name }}.{{ source.column.name }} AS {{ hub.business_key }}
    FROM {{ staging }}.{{ source.table.name }}
    WHERE {{ source.table.name }}.load_id IN ({{ batch() }}) AND {{ source.table.name }}.{{ source.column.name }} IS NOT NULL
    {% if not loop.last %}
    UNION
    {% endif %}
    {% endfor %}
) AS named
WHERE NOT EXISTS (
    SELECT 1
    FROM {{ vault }}.{{ hub.name }} AS hub
    WHERE hub.{{ hub.business_key }} = named.{{ hub.business_key }}
)
