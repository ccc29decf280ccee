-- Satellite of groups: whether the group is private.
-- Reads the batch's rows of groups, writes s_group_private_status. Safe to repeat.
{% from "macros/satellite.sql" import satellite with context %}
{{ satellite("s_group_private_status", "hk_group_id", ("groups", ["id"]), "groups", [
    ("is_private", "is_private", "boolean"),
]) }}
