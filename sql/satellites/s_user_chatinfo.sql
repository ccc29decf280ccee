-- Satellite of users: how they appear in chats, and since when they are registered.
-- Reads the batch's rows of users, writes s_user_chatinfo. Safe to repeat.
{% from "macros/satellite.sql" import satellite with context %}
{{ satellite("s_user_chatinfo", "hk_user_id", ("users", ["id"]), "users", [
    ("chat_name", "chat_name", "text"),
    ("registration_dt", "registration_dt", "timestamp"),
]) }}
