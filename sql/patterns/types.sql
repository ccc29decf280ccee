{#
   The types of Vertica for the kinds of the model. A text is as wide in the warehouse as its contract lets it be.
#}
{% macro sql_type(kind, max_octets, digits) %}
{% if kind == "integer" %}INT{% elif kind == "timestamp" %}TIMESTAMP{% elif kind == "boolean" %}BOOLEAN{% elif kind == "text" %}VARCHAR({{ max_octets }}){% elif kind == "decimal" %}NUMERIC({{ digits[0] }}, {{ digits[1] }}){% else %}{{ undefined_kind }}{% endif %}
{%- endmacro %}

{% macro typed(name, column, optional=()) %}
{{ name }} {{ sql_type(column.kind, column.max_octets, column.digits) }}{% if column.required and name not in optional %} NOT NULL{% endif %}
{%- endmacro %}

{# Versions of one load lie together and are dropped or moved together: a partition a day, older ones by month and year. #}
{% macro partition(column) %}
PARTITION BY {{ column }}::DATE GROUP BY CALENDAR_HIERARCHY_DAY({{ column }}::DATE, 2, 2)
{%- endmacro %}
