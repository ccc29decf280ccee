-- What couriers are due for each month, the latest month last; in a month by name, those without one behind the others.
SELECT
    ledger.courier_id,
    ledger.courier_name,
    ledger.settlement_year,
    ledger.settlement_month,
    ledger.orders_count,
    ledger.orders_total_sum,
    ledger.rate_avg,
    ledger.order_processing_fee,
    ledger.courier_order_sum,
    ledger.courier_tips_sum,
    ledger.courier_reward_sum
FROM {{ vault }}.courier_ledger AS ledger
ORDER BY
    ledger.settlement_year,
    ledger.settlement_month,
    CASE WHEN ledger.courier_name IS NULL THEN 1 ELSE 0 END,
    ledger.courier_name,
    ledger.courier_id
