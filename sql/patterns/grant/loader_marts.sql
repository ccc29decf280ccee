-- Let the loader ask the questions of its answers; the views read the vault with their owner's rights.
-- Writes the catalog. Safe to repeat.
{% set shown = [
    "group_people",
    "group_conversion_by_age",
    "settlement_report",
    "settlement_differences",
    "courier_ledger",
    "delivery_differences"
] %}
GRANT SELECT ON
{% for mart in shown if mart in marts %}
    {{ vault }}.{{ mart }}{% if not loop.last %},{% endif %}

{% endfor %}
TO {{ loader }}
