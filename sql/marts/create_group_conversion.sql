-- View of the answer: in which of the ten oldest groups newcomers start to talk.
-- A group to which nobody was added has no conversion and stands last.
-- Vertica keeps the order of a view only where the view has a LIMIT.
{% from "patterns/answer.sql" import group_conversion with context %}
CREATE OR REPLACE VIEW {{ vault }}.group_conversion AS
{% call group_conversion() %}10{% endcall %}
LIMIT 10
