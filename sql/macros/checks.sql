{% from "macros/keys.sql" import batch, hash_key, hashdiff with context %}
{#
   Audits of one table after a batch: rows of (audit, offenders); each count must be 0.
   They look at the rows of this batch alone: what earlier batches left was audited then, and nothing is ever
   updated. Where a new row could clash with an old one, the old rows of its key are looked at too.
#}

{% macro from_old_rows(table, columns) %}
FROM {{ vault }}.{{ table }} AS old_row
WHERE old_row.load_dt <> CAST(:load_dt AS TIMESTAMP)
  AND EXISTS (
      SELECT 1
      FROM {{ vault }}.{{ table }} AS new_row
      WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
      {% for column in columns %}
        AND new_row.{{ column }} = old_row.{{ column }}
      {% endfor %}
  )
{%- endmacro %}

{% macro repeats(table, columns) %}
SELECT 'a key stands twice in the batch' AS audit, COUNT(*) AS offenders
FROM (
    SELECT {% for column in columns %}new_row.{{ column }}{% if not loop.last %}, {% endif %}{% endfor %}

    FROM {{ vault }}.{{ table }} AS new_row
    WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
    GROUP BY {% for column in columns %}new_row.{{ column }}{% if not loop.last %}, {% endif %}{% endfor %}

    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a key of the batch stood there before' AS audit, COUNT(*) AS offenders
{{ from_old_rows(table, columns) }}
{%- endmacro %}

{% macro audit_hub(table, key, business_key, entity, sources) %}
{{ repeats(table, [key]) }}
UNION ALL
SELECT 'a hash key is not that of its business key' AS audit, COUNT(*) AS offenders
FROM {{ vault }}.{{ table }} AS staged
WHERE staged.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND staged.{{ key }} <> {{ hash_key(entity, [business_key]) }}
UNION ALL
SELECT 'a business key of the batch stood there before under another hash key' AS audit, COUNT(*) AS offenders
{{ from_old_rows(table, [business_key]) }}
UNION ALL
SELECT 'a business key of the batch is absent, or its hash key belongs to another' AS audit, COUNT(*) AS offenders
FROM (
    {% for source, column in sources %}
    SELECT {{ source }}.{{ column }} AS {{ business_key }}
    FROM {{ staging }}.{{ source }}
    WHERE {{ source }}.load_id IN ({{ batch() }}) AND {{ source }}.{{ column }} IS NOT NULL
    {% if not loop.last %}
    UNION
    {% endif %}
    {% endfor %}
) AS named
WHERE NOT EXISTS (
    SELECT 1
    FROM {{ vault }}.{{ table }} AS hub
    WHERE hub.{{ business_key }} = named.{{ business_key }}
)
{% endmacro %}

{% macro audit_link(table, key, ends) %}
{{ repeats(table, [key]) }}
UNION ALL
SELECT 'a hub row is absent, or the hash key is not that of the business keys' AS audit, COUNT(*) AS offenders
FROM (
    SELECT
        link.{{ key }},
        {% for end_key, hub, business_key in ends %}
        {{ hub }}.{{ business_key }}{% if not loop.last %},{% endif %}

        {% endfor %}
    FROM {{ vault }}.{{ table }} AS link
    {% for end_key, hub, business_key in ends %}
    LEFT JOIN {{ vault }}.{{ hub }} ON {{ hub }}.{{ end_key }} = link.{{ end_key }}
    {% endfor %}
    WHERE link.load_dt = CAST(:load_dt AS TIMESTAMP)
) AS staged
WHERE {% for end_key, hub, business_key in ends %}staged.{{ business_key }} IS NULL OR {% endfor %}staged.{{ key }} <> {{ hash_key(table, ends | map(attribute=2)) }}
{% endmacro %}

{% macro orphans(table, key, parent) %}
SELECT 'a parent row is absent' AS audit, COUNT(*) AS offenders
FROM {{ vault }}.{{ table }} AS satellite
WHERE satellite.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND NOT EXISTS (
      SELECT 1
      FROM {{ vault }}.{{ parent }} AS parent
      WHERE parent.{{ key }} = satellite.{{ key }}
  )
{%- endmacro %}

{% macro wrong_hashdiff(table, columns) %}
SELECT 'a hashdiff is not that of its row' AS audit, COUNT(*) AS offenders
FROM {{ vault }}.{{ table }} AS staged
WHERE staged.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND staged.hashdiff <> {{ hashdiff(columns) }}
{%- endmacro %}

{% macro audit_satellite(table, key, parent, columns) %}
{{ orphans(table, key, parent) }}
UNION ALL
{{ wrong_hashdiff(table, columns) }}
UNION ALL
SELECT 'two equal versions follow each other' AS audit, COUNT(*) AS offenders
FROM (
    SELECT
        every_row.hashdiff,
        LAG(every_row.hashdiff) OVER (
            PARTITION BY every_row.{{ key }} ORDER BY every_row.load_dt, every_row.load_id
        ) AS earlier_hashdiff
    FROM {{ vault }}.{{ table }} AS every_row
    WHERE every_row.{{ key }} IN (
        SELECT new_row.{{ key }} FROM {{ vault }}.{{ table }} AS new_row WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
    )
) AS versions
WHERE versions.hashdiff = versions.earlier_hashdiff
{% endmacro %}

{# Events never change, so nothing compares their hashdiffs but the statement that has just computed them. #}
{% macro audit_event_satellite(table, key, parent) %}
{{ orphans(table, key, parent) }}
UNION ALL
{{ repeats(table, [key, "hashdiff"]) }}
{% endmacro %}
