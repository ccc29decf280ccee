-- How many rows of a load stand in each staging table that it fills, and how many records in its reject table.
SELECT
    {% for part in table.parts %}
    (SELECT COUNT(*) FROM {{ staging }}.{{ part.name }} AS accepted WHERE accepted.load_id = :load_id) AS {{ part.name }}_count,
    {% endfor %}
    (SELECT COUNT(*) FROM {{ staging }}.{{ table.rejects }} AS rejected WHERE rejected.load_id = :load_id) AS rejected_count
