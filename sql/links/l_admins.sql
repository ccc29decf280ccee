-- Link of a group to the user who administers it.
-- Reads the batch's rows of groups, writes l_admins. Safe to repeat.
{% from "macros/link.sql" import link with context %}
{{ link("l_admins", "hk_l_admin_id", "groups", [
    ("hk_user_id", "users", "admin_id"),
    ("hk_group_id", "groups", "id"),
]) }}
