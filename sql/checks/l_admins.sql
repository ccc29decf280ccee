-- Audits of l_admins after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the link and its hubs. Safe to repeat.
{% from "macros/checks.sql" import audit_link with context %}
{{ audit_link("l_admins", "hk_l_admin_id", [
    ("hk_user_id", "h_users", "user_id"),
    ("hk_group_id", "h_groups", "group_id"),
]) }}
