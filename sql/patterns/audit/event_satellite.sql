-- Audits of {{ satellite.name }} after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
-- Events never change, so nothing compares their hashdiffs but the statement that has just computed them.
{% from "patterns/audit/parts.sql" import orphans, repeats with context %}
{{ orphans(satellite.name, parent) }}
UNION ALL
{{ repeats(satellite.name, [parent.key, "hashdiff"]) }}
