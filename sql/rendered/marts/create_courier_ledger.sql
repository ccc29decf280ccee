-- View of what each courier is due for each month: paid per order, by the average rating of the month.
-- A delivery is booked in the month in which its order was placed, whenever it was delivered, with the courier system's sum.
CREATE OR REPLACE VIEW dwh.courier_ledger AS
SELECT
    paid.courier_id,
    paid.courier_name,
    paid.settlement_year,
    paid.settlement_month,
    COUNT(DISTINCT paid.hk_order_id) AS orders_count,
    SUM(paid.order_sum)::NUMERIC(14, 2) AS orders_total_sum,
    ROUND(MAX(paid.rate_sum)::NUMERIC(18, 6) / MAX(paid.rate_count), 2)::NUMERIC(4, 2) AS rate_avg,
    ROUND(SUM(paid.order_sum) * 0.25, 2)::NUMERIC(14, 2) AS order_processing_fee,
    SUM(paid.order_pay)::NUMERIC(14, 2) AS courier_order_sum,
    SUM(paid.tip_sum)::NUMERIC(14, 2) AS courier_tips_sum,
    (SUM(paid.order_pay) + ROUND(SUM(paid.tip_sum) * 0.95, 2))::NUMERIC(14, 2) AS courier_reward_sum
FROM (
    SELECT
        hub.courier_id,
        named.courier_name,
        rated.settlement_year,
        rated.settlement_month,
        rated.hk_order_id,
        rated.order_sum,
        rated.tip_sum,
        rated.rate_sum,
        rated.rate_count,
        -- The bands compare whole numbers: an average of 4.9 is no exact binary fraction.
        CASE
            WHEN rated.rate_sum < 4 * rated.rate_count THEN GREATEST(ROUND(rated.order_sum * 0.05, 2), 100)
            WHEN rated.rate_sum * 2 < 9 * rated.rate_count THEN GREATEST(ROUND(rated.order_sum * 0.07, 2), 150)
            WHEN rated.rate_sum * 10 < 49 * rated.rate_count THEN GREATEST(ROUND(rated.order_sum * 0.08, 2), 175)
            ELSE GREATEST(ROUND(rated.order_sum * 0.10, 2), 200)
        END AS order_pay
    FROM (
        SELECT
            booked.hk_courier_id,
            booked.hk_order_id,
            booked.settlement_year,
            booked.settlement_month,
            booked.order_sum,
            booked.tip_sum,
            SUM(booked.rate) OVER (PARTITION BY booked.hk_courier_id, booked.settlement_year, booked.settlement_month) AS rate_sum,
            COUNT(booked.rate) OVER (PARTITION BY booked.hk_courier_id, booked.settlement_year, booked.settlement_month) AS rate_count
        FROM (
            SELECT
                deliveries.hk_courier_id,
                deliveries.hk_order_id,
                EXTRACT(YEAR FROM deliveries.order_ts)::INT AS settlement_year,
                EXTRACT(MONTH FROM deliveries.order_ts)::INT AS settlement_month,
                deliveries.rate,
                deliveries.order_sum,
                deliveries.tip_sum
            FROM dwh.current_deliveries AS deliveries
        ) AS booked
    ) AS rated
    INNER JOIN dwh.h_couriers AS hub ON hub.hk_courier_id = rated.hk_courier_id
    LEFT JOIN (
        SELECT
            versions.hk_courier_id,
            versions.courier_name,
            ROW_NUMBER() OVER (
                PARTITION BY versions.hk_courier_id ORDER BY versions.load_dt DESC, versions.load_id DESC, versions.record_no DESC
            ) AS version_rank
        FROM dwh.s_courier_info AS versions
    ) AS named ON named.hk_courier_id = rated.hk_courier_id AND named.version_rank = 1
) AS paid
GROUP BY paid.courier_id, paid.courier_name, paid.settlement_year, paid.settlement_month;
