{#
   The loads of the batch that named all that the source held when they were read, with what an absence from
   them is told by. A load with a refused record is none: the record that was refused could be the absent one.
#}
{% from "patterns/keys.sql" import batch with context %}
{% macro whole_reads() %}
SELECT
    {% if is_log %}
    markers.load_id,
    MIN(markers.record_no) AS record_no,
    MIN(markers.source_at) AS source_at
FROM {{ staging }}.{{ source.name }} AS markers
INNER JOIN {{ staging }}.load_ledger AS loads ON loads.load_id = markers.load_id
WHERE markers.load_id IN ({{ batch() }})
  AND markers.op = '{{ begin }}'
  AND loads.rejected_count = 0
GROUP BY markers.load_id
    {%- else %}
    loads.load_id,
    0 AS record_no,
    loads.last_modified AS source_at
FROM {{ staging }}.load_ledger AS loads
WHERE loads.load_id IN ({{ batch() }})
  AND loads.table_name = '{{ table.name }}'
  AND loads.rejected_count = 0
    {%- endif %}
{%- endmacro %}
