-- Audits of s_admins after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the satellite and its parent. Safe to repeat.
{% from "macros/checks.sql" import audit_satellite with context %}
{{ audit_satellite("s_admins", "hk_l_admin_id", "l_admins", [
    ("admin_from", "admin_from", "timestamp"),
]) }}
