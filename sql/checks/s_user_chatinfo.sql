-- Audits of s_user_chatinfo after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the satellite and its parent. Safe to repeat.
{% from "macros/checks.sql" import audit_satellite with context %}
{{ audit_satellite("s_user_chatinfo", "hk_user_id", "h_users", [
    ("chat_name", "chat_name", "text"),
    ("registration_dt", "registration_dt", "timestamp"),
]) }}
