-- Audits of h_dialogs after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the hub and the batch's staging rows. Safe to repeat.
{% from "macros/checks.sql" import audit_hub with context %}
{{ audit_hub("h_dialogs", "hk_message_id", "message_id", "dialogs", [("dialogs", "message_id")]) }}
