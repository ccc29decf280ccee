-- View of the orders of which order system and bonus system say different things: other sums of bonuses, a CLOSED order
-- without a transaction, a transaction whose order is not there, be it unknown or deleted.
CREATE OR REPLACE VIEW dwh.settlement_differences AS
SELECT
    compared.order_id,
    compared.order_dt,
    compared.final_status,
    compared.transactions_count,
    compared.order_bonus_payment,
    compared.event_bonus_payment,
    compared.order_bonus_grant,
    compared.event_bonus_grant,
    compared.difference
FROM (
    SELECT
        hub.order_id,
        orders.order_dt,
        orders.final_status,
        COALESCE(booked.transactions_count, 0) AS transactions_count,
        orders.bonus_payment AS order_bonus_payment,
        events.bonus_payment AS event_bonus_payment,
        orders.bonus_grant AS order_bonus_grant,
        events.bonus_grant AS event_bonus_grant,
        CASE
            WHEN booked.hk_order_id IS NOT NULL AND orders.hk_order_id IS NULL THEN 'no order'
            WHEN booked.hk_order_id IS NULL AND orders.final_status = 'CLOSED' THEN 'no transaction'
            WHEN booked.hk_order_id IS NOT NULL AND (
                orders.bonus_payment <> COALESCE(events.bonus_payment, 0) OR orders.bonus_grant <> COALESCE(events.bonus_grant, 0)
            ) THEN 'other sums'
        END AS difference
    FROM dwh.h_orders AS hub
    LEFT JOIN dwh.current_orders AS orders ON orders.hk_order_id = hub.hk_order_id
    LEFT JOIN (
        SELECT
            transactions.hk_order_id,
            COUNT(*) AS transactions_count
        FROM dwh.l_bonus_transactions AS transactions
        INNER JOIN dwh.s_bonus_transaction AS told
            ON told.hk_l_bonus_transaction_id = transactions.hk_l_bonus_transaction_id
        GROUP BY transactions.hk_order_id
    ) AS booked ON booked.hk_order_id = hub.hk_order_id
    LEFT JOIN (
        SELECT
            payments.hk_order_id,
            SUM(told.bonus_payment)::NUMERIC(14, 2) AS bonus_payment,
            SUM(told.bonus_grant)::NUMERIC(14, 2) AS bonus_grant
        FROM dwh.l_bonus_payments AS payments
        INNER JOIN dwh.s_product_payment AS told ON told.hk_l_bonus_payment_id = payments.hk_l_bonus_payment_id
        GROUP BY payments.hk_order_id
    ) AS events ON events.hk_order_id = hub.hk_order_id
) AS compared
WHERE compared.difference IS NOT NULL;
