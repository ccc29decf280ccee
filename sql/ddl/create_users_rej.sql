-- Rejects of users: each refused record once, with its raw text and all its reasons.
-- Writes the catalog. Safe to repeat.
{% from "macros/rejects.sql" import rejects with context %}
{{ rejects("users_rej") }}
