-- Audits of h_users after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the hub and the batch's staging rows. Safe to repeat.
{% from "macros/checks.sql" import audit_hub with context %}
{{ audit_hub("h_users", "hk_user_id", "user_id", "users", [
    ("users", "id"),
    ("groups", "admin_id"),
    ("dialogs", "message_from"),
    ("dialogs", "message_to"),
    ("group_log", "user_id"),
    ("group_log", "user_id_from"),
]) }}
