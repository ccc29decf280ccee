{#
   The canonical text of keys and of satellite rows, hashed; dwh/hashing.py says the same in Python.
   entity;length:part;length:part – lengths in octets keep any two different texts apart; ~ is NULL.
#}
{% macro text(column, kind) %}
{% if kind == "timestamp" %}
TO_CHAR(staged.{{ column }}, 'YYYY-MM-DD HH24:MI:SS.US')
{%- elif kind == "boolean" %}
CASE WHEN staged.{{ column }} THEN '1' WHEN NOT staged.{{ column }} THEN '0' END
{%- elif kind == "text" %}
staged.{{ column }}
{%- else %}
staged.{{ column }}::VARCHAR
{%- endif %}
{% endmacro %}

{% macro hash_key(entity, columns) %}
MD5('{{ entity }}'
{%- for column in columns %}
 || ';' || OCTET_LENGTH(staged.{{ column }}::VARCHAR)::VARCHAR || ':' || staged.{{ column }}::VARCHAR
{%- endfor -%}
)::UUID
{%- endmacro %}

{% macro hashdiff(columns) %}
MD5(
{%- for column, origin, kind in columns -%}
{% if not loop.first %} || {% endif %}COALESCE(';' || OCTET_LENGTH({{ text(origin, kind) }})::VARCHAR || ':' || {{ text(origin, kind) }}, ';~')
{%- endfor -%}
)::UUID
{%- endmacro %}

{% macro batch() %}
SELECT taken.load_id FROM {{ vault }}.vault_ledger AS taken WHERE taken.batch_id = :batch_id
{%- endmacro %}
