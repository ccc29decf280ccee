-- Event satellite of the link of users and groups: who joined and left, when, and added by whom.
-- Reads the batch's rows of group_log, writes s_auth_history. Safe to repeat.
{% from "macros/event_satellite.sql" import event_satellite with context %}
{{ event_satellite("s_auth_history", "hk_l_user_group_activity", ("l_user_group_activity", ["user_id", "group_id"]), "group_log", [
    ("user_id_from", "user_id_from", "integer"),
    ("event", "event", "text"),
    ("event_dt", "event_dt", "timestamp"),
]) }}
