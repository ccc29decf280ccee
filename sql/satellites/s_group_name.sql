-- Satellite of groups: the name, and since when the group is registered.
-- Reads the batch's rows of groups, writes s_group_name. Safe to repeat.
{% from "macros/satellite.sql" import satellite with context %}
{{ satellite("s_group_name", "hk_group_id", ("groups", ["id"]), "groups", [
    ("group_name", "group_name", "text"),
    ("registration_dt", "registration_dt", "timestamp"),
]) }}
