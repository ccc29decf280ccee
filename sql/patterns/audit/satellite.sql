-- Audits of {{ satellite.name }} after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
{% from "patterns/audit/parts.sql" import equal_versions, orphans, wrong_hashdiff with context %}
{{ orphans(satellite.name, parent) }}
UNION ALL
{{ wrong_hashdiff(satellite.name, stored) }}
UNION ALL
{{ equal_versions(satellite.name, parent, is_numbered) }}
