-- Event satellite of messages: what was written, when, and to whom.
-- Reads the batch's rows of dialogs, writes s_dialog_info. Safe to repeat.
{% from "macros/event_satellite.sql" import event_satellite with context %}
{{ event_satellite("s_dialog_info", "hk_message_id", ("dialogs", ["message_id"]), "dialogs", [
    ("message_ts", "message_ts", "timestamp"),
    ("message_from", "message_from", "integer"),
    ("message_to", "message_to", "integer"),
    ("message", "message", "text"),
    ("message_group", "message_group", "integer"),
]) }}
