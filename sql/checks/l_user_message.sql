-- Audits of l_user_message after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the link and its hubs. Safe to repeat.
{% from "macros/checks.sql" import audit_link with context %}
{{ audit_link("l_user_message", "hk_l_user_message", [
    ("hk_user_id", "h_users", "user_id"),
    ("hk_message_id", "h_dialogs", "message_id"),
]) }}
