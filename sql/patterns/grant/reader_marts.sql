-- Let the reader see the answers, and no user behind them; the views read the vault with their owner's rights.
-- Writes the catalog. Safe to repeat.
{% set shown = [
    "group_conversion",
    "group_conversion_by_age",
    "author_ages",
    "settlement_report",
    "settlement_differences",
    "courier_ledger",
    "delivery_differences"
] %}
GRANT SELECT ON
{% for mart in shown if mart in marts %}
    {{ vault }}.{{ mart }}{% if not loop.last %},{% endif %}

{% endfor %}
TO {{ reader }}
