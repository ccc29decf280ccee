-- Let the loader read what is there and add to it: staging, rejects, ledgers, hubs, links and satellites.
-- It never changes or deletes a row. Writes the catalog. Safe to repeat.
GRANT SELECT, INSERT ON
    {% for table in tables %}
    {% for part in table.parts %}
    {{ staging }}.{{ part.name }},
    {% endfor %}
    {{ staging }}.{{ table.rejects }},
    {% endfor %}
    {{ staging }}.load_ledger,
    {% for table in described %}
    {{ vault }}.{{ table.name }},
    {% endfor %}
    {{ vault }}.vault_ledger
TO {{ loader }}
