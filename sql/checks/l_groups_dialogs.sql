-- Audits of l_groups_dialogs after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the link and its hubs. Safe to repeat.
{% from "macros/checks.sql" import audit_link with context %}
{{ audit_link("l_groups_dialogs", "hk_l_groups_dialogs", [
    ("hk_message_id", "h_dialogs", "message_id"),
    ("hk_group_id", "h_groups", "group_id"),
]) }}
