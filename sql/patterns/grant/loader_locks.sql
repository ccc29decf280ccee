-- Let the loader take the locks that keep two runs apart: Vertica gives LOCK TABLE … IN EXCLUSIVE MODE
-- only to who has UPDATE and DELETE. Writes the catalog. Safe to repeat.
GRANT UPDATE, DELETE ON
    {% for table in tables %}
    {% for part in table.parts %}
    {{ staging }}.{{ part.name }},
    {% endfor %}
    {% endfor %}
    {{ vault }}.vault_ledger
TO {{ loader }}
