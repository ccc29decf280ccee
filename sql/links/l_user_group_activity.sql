-- Link of a user to a group whose log names both.
-- Reads the batch's rows of group_log, writes l_user_group_activity. Safe to repeat.
{% from "macros/link.sql" import link with context %}
{{ link("l_user_group_activity", "hk_l_user_group_activity", "group_log", [
    ("hk_user_id", "users", "user_id"),
    ("hk_group_id", "groups", "group_id"),
]) }}
