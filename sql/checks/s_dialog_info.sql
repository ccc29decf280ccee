-- Audits of s_dialog_info after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the satellite and its parent. Safe to repeat.
{% from "macros/checks.sql" import audit_event_satellite with context %}
{{ audit_event_satellite("s_dialog_info", "hk_message_id", "h_dialogs") }}
