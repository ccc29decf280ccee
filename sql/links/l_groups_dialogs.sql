-- Link of a message to the group it was written in; private messages have none.
-- Reads the batch's rows of dialogs, writes l_groups_dialogs. Safe to repeat.
{% from "macros/link.sql" import link with context %}
{{ link("l_groups_dialogs", "hk_l_groups_dialogs", "dialogs", [
    ("hk_message_id", "dialogs", "message_id"),
    ("hk_group_id", "groups", "message_group"),
]) }}
