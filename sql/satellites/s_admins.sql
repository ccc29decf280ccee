-- Satellite of the link of groups and admins: an admin since the group is registered.
-- Reads the batch's rows of groups, writes s_admins; is_admin is TRUE by its default. Safe to repeat.
{% from "macros/satellite.sql" import satellite with context %}
{{ satellite("s_admins", "hk_l_admin_id", ("l_admins", ["admin_id", "id"]), "groups", [
    ("admin_from", "registration_dt", "timestamp"),
]) }}
