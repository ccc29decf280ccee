-- Hub of users: one row per user id that any file names.
-- Reads the batch's rows of all four staging tables, writes h_users. Safe to repeat.
{% from "macros/hub.sql" import hub with context %}
{{ hub("h_users", "hk_user_id", "user_id", "users", [
    ("users", "id"),
    ("groups", "admin_id"),
    ("dialogs", "message_from"),
    ("dialogs", "message_to"),
    ("group_log", "user_id"),
    ("group_log", "user_id_from"),
]) }}
