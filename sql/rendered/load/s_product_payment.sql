-- Satellite s_product_payment: insert the events of l_bonus_payments that it does not hold: each distinct event once, whatever
-- came before or after it. Reads the batch's rows of bonus_payments. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.s_product_payment (hk_l_bonus_payment_id, event_id, event_ts, item_no, product_name, price, quantity, product_cost, bonus_payment, bonus_grant, hashdiff, load_dt, load_id, load_src)
SELECT
    events.hk_l_bonus_payment_id,
    events.event_id,
    events.event_ts,
    events.item_no,
    events.product_name,
    events.price,
    events.quantity,
    events.product_cost,
    events.bonus_payment,
    events.bonus_grant,
    events.hashdiff,
    CAST(:load_dt AS TIMESTAMP),
    events.load_id,
    loads.load_src
FROM (
    SELECT
        MD5('l_bonus_payments;' || staged.order_id::VARCHAR || ';' || staged.product_id::VARCHAR)::UUID AS hk_l_bonus_payment_id,
        staged.event_id AS event_id,
        staged.event_ts AS event_ts,
        staged.item_no AS item_no,
        staged.product_name AS product_name,
        staged.price AS price,
        staged.quantity AS quantity,
        staged.product_cost AS product_cost,
        staged.bonus_payment AS bonus_payment,
        staged.bonus_grant AS bonus_grant,
        MD5(COALESCE(';' || staged.event_id::VARCHAR, ';~') || COALESCE(';' || TO_CHAR(staged.event_ts, 'YYYY-MM-DD HH24:MI:SS.US'), ';~') || COALESCE(';' || staged.item_no::VARCHAR, ';~') || COALESCE(';' || OCTET_LENGTH(staged.product_name)::VARCHAR || ':' || staged.product_name, ';~') || COALESCE(';' || staged.price::VARCHAR, ';~') || COALESCE(';' || staged.quantity::VARCHAR, ';~') || COALESCE(';' || staged.product_cost::VARCHAR, ';~') || COALESCE(';' || staged.bonus_payment::VARCHAR, ';~') || COALESCE(';' || staged.bonus_grant::VARCHAR, ';~'))::UUID AS hashdiff,
        staged.load_id
    FROM (
        SELECT
            bonus_payments.event_id,
            bonus_payments.event_ts,
            bonus_payments.item_no,
            bonus_payments.product_name,
            bonus_payments.price,
            bonus_payments.quantity,
            bonus_payments.product_cost,
            bonus_payments.bonus_payment,
            bonus_payments.bonus_grant,
            bonus_payments.order_id,
            bonus_payments.product_id,
            MIN(bonus_payments.load_id) AS load_id
        FROM staging.bonus_payments
        WHERE bonus_payments.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
        GROUP BY bonus_payments.event_id, bonus_payments.event_ts, bonus_payments.item_no, bonus_payments.product_name, bonus_payments.price, bonus_payments.quantity, bonus_payments.product_cost, bonus_payments.bonus_payment, bonus_payments.bonus_grant, bonus_payments.order_id, bonus_payments.product_id
    ) AS staged
) AS events
INNER JOIN staging.load_ledger AS loads ON loads.load_id = events.load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.s_product_payment AS stored
    WHERE stored.hk_l_bonus_payment_id = events.hk_l_bonus_payment_id AND stored.hashdiff = events.hashdiff
);
