-- Link of a message to the user who wrote it.
-- Reads the batch's rows of dialogs, writes l_user_message. Safe to repeat.
{% from "macros/link.sql" import link with context %}
{{ link("l_user_message", "hk_l_user_message", "dialogs", [
    ("hk_user_id", "users", "message_from"),
    ("hk_message_id", "dialogs", "message_id"),
]) }}
