-- Audits of s_group_private_status after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the satellite and its parent. Safe to repeat.
{% from "macros/checks.sql" import audit_satellite with context %}
{{ audit_satellite("s_group_private_status", "hk_group_id", "h_groups", [
    ("is_private", "is_private", "boolean"),
]) }}
