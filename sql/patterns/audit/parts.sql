{% from "patterns/keys.sql" import hashdiff with context %}
{#
   Audits of one table after a batch: rows of (audit, offenders); each count must be 0.
   They look at the rows of this batch alone: what earlier batches left was audited then, and nothing is ever
   updated. Where a new row could clash with an old one, the old rows of its key are looked at too.
#}

{# One look at the old rows of the batch's keys: a filter on them costs more than the look. #}
{% macro from_repeats(table, columns) %}
FROM (
    SELECT {% for column in columns %}every_row.{{ column }}{% if not loop.last %}, {% endif %}{% endfor %}

    FROM {{ vault }}.{{ table }} AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM {{ vault }}.{{ table }} AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
        {% for column in columns %}
          AND new_row.{{ column }} = every_row.{{ column }}
        {% endfor %}
    )
    GROUP BY {% for column in columns %}every_row.{{ column }}{% if not loop.last %}, {% endif %}{% endfor %}

    HAVING COUNT(*) > 1
) AS repeated
{%- endmacro %}

{% macro repeats(table, columns) %}
SELECT 'a key of the batch stands twice' AS audit, COUNT(*) AS offenders
{{ from_repeats(table, columns) }}
{%- endmacro %}

{% macro second_rows(table, column) %}
SELECT 'a key has a second row, with other ends' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.{{ column }}
    FROM {{ vault }}.{{ table }} AS every_row
    WHERE every_row.{{ column }} IN (
        SELECT new_row.{{ column }} FROM {{ vault }}.{{ table }} AS new_row WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
    )
    GROUP BY every_row.{{ column }}
    HAVING COUNT(*) > 1
) AS joined_twice
{%- endmacro %}

{% macro orphans(table, parent) %}
SELECT 'a parent row is absent' AS audit, COUNT(*) AS offenders
FROM {{ vault }}.{{ table }} AS satellite
WHERE satellite.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND NOT EXISTS (
      SELECT 1
      FROM {{ vault }}.{{ parent.name }} AS parent
      WHERE parent.{{ parent.key }} = satellite.{{ parent.key }}
  )
{%- endmacro %}

{% macro wrong_hashdiff(table, columns) %}
SELECT 'a hashdiff is not that of its row' AS audit, COUNT(*) AS offenders
FROM {{ vault }}.{{ table }} AS staged
WHERE staged.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND staged.hashdiff <> {{ hashdiff(columns) }}
{%- endmacro %}

{% macro equal_versions(table, parent, is_numbered) %}
SELECT 'two equal versions follow each other' AS audit, COUNT(*) AS offenders
FROM (
    SELECT
        every_row.hashdiff,
        LAG(every_row.hashdiff) OVER (
            PARTITION BY every_row.{{ parent.key }} ORDER BY every_row.load_dt, every_row.load_id{% if is_numbered %}, every_row.record_no{% endif %}

        ) AS earlier_hashdiff
    FROM {{ vault }}.{{ table }} AS every_row
    WHERE every_row.{{ parent.key }} IN (
        SELECT new_row.{{ parent.key }} FROM {{ vault }}.{{ table }} AS new_row WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
    )
) AS versions
WHERE versions.hashdiff = versions.earlier_hashdiff
{%- endmacro %}
