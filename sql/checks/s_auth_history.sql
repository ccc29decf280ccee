-- Audits of s_auth_history after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the satellite and its parent. Safe to repeat.
{% from "macros/checks.sql" import audit_event_satellite with context %}
{{ audit_event_satellite("s_auth_history", "hk_l_user_group_activity", "l_user_group_activity") }}
