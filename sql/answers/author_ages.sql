-- The ages of the users who write in the oldest groups, as many as asked for; an unknown age is NULL.
{% from "patterns/answer.sql" import author_ages with context %}
{% call author_ages() %}:oldest_groups{% endcall %}
