-- Satellite of users: country and age.
-- Reads the batch's rows of users, writes s_user_socdem. Safe to repeat.
{% from "macros/satellite.sql" import satellite with context %}
{{ satellite("s_user_socdem", "hk_user_id", ("users", ["id"]), "users", [
    ("country", "country", "text"),
    ("age", "age", "integer"),
]) }}
