-- Hub of groups: one row per group id that any file names.
-- Reads the batch's rows of groups, dialogs and group_log, writes h_groups. Safe to repeat.
{% from "macros/hub.sql" import hub with context %}
{{ hub("h_groups", "hk_group_id", "group_id", "groups", [
    ("groups", "id"),
    ("dialogs", "message_group"),
    ("group_log", "group_id"),
]) }}
