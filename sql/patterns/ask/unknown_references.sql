-- Keys that some file names and that never came in their own file, for each hub that has one.
{% for hub, tables in described %}
SELECT
    '{{ hub.entity }}' AS hub,
    COUNT(*) AS absent
FROM {{ vault }}.{{ hub.name }} AS hub
{% for table in tables %}
{% if loop.first %}WHERE{% else %}  AND{% endif %} NOT EXISTS (SELECT 1 FROM {{ vault }}.{{ table.name }} AS described WHERE described.{{ hub.key }} = hub.{{ hub.key }})
{% endfor %}
{% if not loop.last %}
UNION ALL
{% endif %}
{% endfor %}
