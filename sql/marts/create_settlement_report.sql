-- View of what each restaurant is due for each day: its CLOSED orders by the day on which they were closed.
-- Sums are of the order system's own figures; settlement_differences shows where the bonus system has others.
CREATE OR REPLACE VIEW {{ vault }}.settlement_report AS
SELECT
    figures.restaurant_id,
    figures.restaurant_name,
    figures.settlement_date,
    figures.orders_count,
    figures.orders_total_sum,
    figures.orders_bonus_payment_sum,
    figures.orders_bonus_granted_sum,
    figures.order_processing_fee,
    -- Bonuses above three quarters of the total would make the reward negative: what is owed stands beside it.
    GREATEST(figures.orders_total_sum - figures.orders_bonus_payment_sum - figures.order_processing_fee, 0)::NUMERIC(14, 2)
        AS restaurant_reward_sum,
    GREATEST(figures.orders_bonus_payment_sum + figures.order_processing_fee - figures.orders_total_sum, 0)::NUMERIC(14, 2)
        AS restaurant_debt_sum
FROM (
    SELECT
        hub.restaurant_id,
        named.restaurant_name,
        orders.order_dt::DATE AS settlement_date,
        COUNT(DISTINCT orders.hk_order_id) AS orders_count,
        SUM(orders.cost)::NUMERIC(14, 2) AS orders_total_sum,
        SUM(orders.bonus_payment)::NUMERIC(14, 2) AS orders_bonus_payment_sum,
        SUM(orders.bonus_grant)::NUMERIC(14, 2) AS orders_bonus_granted_sum,
        ROUND(SUM(orders.cost) * 0.25, 2)::NUMERIC(14, 2) AS order_processing_fee
    FROM {{ vault }}.current_orders AS orders
    INNER JOIN {{ vault }}.h_restaurants AS hub ON hub.hk_restaurant_id = orders.hk_restaurant_id
    LEFT JOIN (
        SELECT
            versions.hk_restaurant_id,
            versions.restaurant_name,
            ROW_NUMBER() OVER (
                PARTITION BY versions.hk_restaurant_id ORDER BY versions.load_dt DESC, versions.load_id DESC, versions.record_no DESC
            ) AS version_rank
        FROM {{ vault }}.s_restaurant_info AS versions
    ) AS named ON named.hk_restaurant_id = orders.hk_restaurant_id AND named.version_rank = 1
    WHERE orders.final_status = 'CLOSED'
      AND orders.order_dt >= CAST('2022-01-01' AS TIMESTAMP)
      AND orders.order_dt < CAST('2500-01-01' AS TIMESTAMP)
    GROUP BY hub.restaurant_id, named.restaurant_name, orders.order_dt::DATE
) AS figures
