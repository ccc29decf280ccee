-- What restaurants are due for the days of a period, its end not among them; the best paid of a day come first.
SELECT
    report.restaurant_id,
    report.restaurant_name,
    report.settlement_date,
    report.orders_count,
    report.orders_total_sum,
    report.orders_bonus_payment_sum,
    report.orders_bonus_granted_sum,
    report.order_processing_fee,
    report.restaurant_reward_sum,
    report.restaurant_debt_sum
FROM dwh.settlement_report AS report
WHERE report.settlement_date >= CAST(:since AS DATE)
  AND report.settlement_date < CAST(:until AS DATE)
ORDER BY report.settlement_date, report.restaurant_reward_sum DESC, report.restaurant_id;
