-- The answer for the oldest groups, as many as asked for; the same columns and order as the view group_conversion.
{% from "patterns/answer.sql" import group_conversion with context %}
{% call group_conversion() %}:oldest_groups{% endcall %}
