-- Audits of s_group_name after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the satellite and its parent. Safe to repeat.
{% from "macros/checks.sql" import audit_satellite with context %}
{{ audit_satellite("s_group_name", "hk_group_id", "h_groups", [
    ("group_name", "group_name", "text"),
    ("registration_dt", "registration_dt", "timestamp"),
]) }}
