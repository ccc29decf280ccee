-- Hub of messages: one row per message id.
-- Reads the batch's rows of dialogs, writes h_dialogs. Safe to repeat.
{% from "macros/hub.sql" import hub with context %}
{{ hub("h_dialogs", "hk_message_id", "message_id", "dialogs", [("dialogs", "message_id")]) }}
