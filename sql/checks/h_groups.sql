-- Audits of h_groups after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the hub and the batch's staging rows. Safe to repeat.
{% from "macros/checks.sql" import audit_hub with context %}
{{ audit_hub("h_groups", "hk_group_id", "group_id", "groups", [
    ("groups", "id"),
    ("dialogs", "message_group"),
    ("group_log", "group_id"),
]) }}
