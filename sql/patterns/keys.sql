{#
   The canonical text of keys and of satellite rows, hashed; social_vault/model/keys.py says the same in Python.
   entity;part;part – no number, moment or truth value holds a ; and a text has its length in octets
   before it, length:text, so that different keys never give one text; ~ is NULL. Business keys are numbers,
   or texts of a pattern without ; (social_vault/model/checks.py), and need no length.
#}
{% macro part(column, kind) %}
{% if kind == "timestamp" %}
';' || TO_CHAR(staged.{{ column }}, 'YYYY-MM-DD HH24:MI:SS.US')
{%- elif kind == "boolean" %}
CASE WHEN staged.{{ column }} THEN ';1' WHEN NOT staged.{{ column }} THEN ';0' END
{%- elif kind == "text" %}
';' || OCTET_LENGTH(staged.{{ column }})::VARCHAR || ':' || staged.{{ column }}
{%- else %}
';' || staged.{{ column }}::VARCHAR
{%- endif %}
{% endmacro %}

{% macro hash_key(entity, columns) %}
MD5('{{ entity }};' || {% for column in columns %}staged.{{ column }}::VARCHAR{% if not loop.last %} || ';' || {% endif %}{% endfor %})::UUID
{%- endmacro %}

{# `columns` are pairs: the column's name, and the kind of its values. #}
{% macro hashdiff(columns) %}
MD5(
{%- for column, kind in columns -%}
{% if not loop.first %} || {% endif %}COALESCE({{ part(column, kind) }}, ';~')
{%- endfor -%}
)::UUID
{%- endmacro %}

{% macro batch() %}
SELECT taken.load_id FROM {{ vault }}.vault_ledger AS taken WHERE taken.batch_id = :batch_id
{%- endmacro %}
