-- Audits of {{ link.name }} after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
{% from "patterns/audit/parts.sql" import repeats, second_rows with context %}
{% from "patterns/keys.sql" import hash_key with context %}
{{ repeats(link.name, [link.key]) }}
UNION ALL
{% if link.is_fixed %}
{{ second_rows(link.name, ends[0][0].key) }}
UNION ALL
{% endif %}
SELECT 'a hub row is absent, or the hash key is not that of the business keys' AS audit, COUNT(*) AS offenders
FROM (
    SELECT
        link.{{ link.key }},
        {% for hub, column in ends %}
        {{ hub.name }}.{{ hub.business_key }}{% if not loop.last %},{% endif %}

        {% endfor %}
    FROM {{ vault }}.{{ link.name }} AS link
    {% for hub, column in ends %}
    LEFT JOIN {{ vault }}.{{ hub.name }} ON {{ hub.name }}.{{ hub.key }} = link.{{ hub.key }}
    {% endfor %}
    WHERE link.load_dt = CAST(:load_dt AS TIMESTAMP)
) AS staged
WHERE {% for hub, column in ends %}staged.{{ hub.business_key }} IS NULL OR {% endfor %}staged.{{ link.key }} <> {{ hash_key(link.name, business_keys) }}
