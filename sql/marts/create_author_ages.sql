-- View of the ages of the users who write in the ten oldest groups; an unknown age is NULL.
-- The LIMIT is above every number of ages: Vertica keeps the order of a view only where the view has one.
{% from "patterns/answer.sql" import author_ages with context %}
CREATE OR REPLACE VIEW {{ vault }}.author_ages AS
{% call author_ages() %}10{% endcall %}
LIMIT 1000
