-- Audits of s_user_socdem after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the satellite and its parent. Safe to repeat.
{% from "macros/checks.sql" import audit_satellite with context %}
{{ audit_satellite("s_user_socdem", "hk_user_id", "h_users", [
    ("country", "country", "text"),
    ("age", "age", "integer"),
]) }}
