-- Audits of s_dialog_info after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the satellite and its parent. Safe to repeat.
{% from "macros/checks.sql" import audit_event_satellite with context %}
{{ audit_event_satellite("s_dialog_info", "hk_message_id", "h_dialogs", [
    ("message_ts", "message_ts", "timestamp"),
    ("message_from", "message_from", "integer"),
    ("message_to", "message_to", "integer"),
    ("message", "message", "text"),
    ("message_group", "message_group", "integer"),
]) }}
