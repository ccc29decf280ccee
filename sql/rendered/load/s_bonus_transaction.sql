-- Satellite s_bonus_transaction: insert the events of l_bonus_transactions that it does not hold: each distinct event once, whatever
-- came before or after it. Reads the batch's rows of bonus_transactions. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.s_bonus_transaction (hk_l_bonus_transaction_id, event_id, event_ts, order_date, hashdiff, load_dt, load_id, load_src)
SELECT
    events.hk_l_bonus_transaction_id,
    events.event_id,
    events.event_ts,
    events.order_date,
    events.hashdiff,
    CAST(:load_dt AS TIMESTAMP),
    events.load_id,
    loads.load_src
FROM (
    SELECT
        MD5('l_bonus_transactions;' || staged.bonus_user_id::VARCHAR || ';' || staged.order_id::VARCHAR)::UUID AS hk_l_bonus_transaction_id,
        staged.event_id AS event_id,
        staged.event_ts AS event_ts,
        staged.order_date AS order_date,
        MD5(COALESCE(';' || staged.event_id::VARCHAR, ';~') || COALESCE(';' || TO_CHAR(staged.event_ts, 'YYYY-MM-DD HH24:MI:SS.US'), ';~') || COALESCE(';' || TO_CHAR(staged.order_date, 'YYYY-MM-DD HH24:MI:SS.US'), ';~'))::UUID AS hashdiff,
        staged.load_id
    FROM (
        SELECT
            bonus_transactions.event_id,
            bonus_transactions.event_ts,
            bonus_transactions.order_date,
            bonus_transactions.bonus_user_id,
            bonus_transactions.order_id,
            MIN(bonus_transactions.load_id) AS load_id
        FROM staging.bonus_transactions
        WHERE bonus_transactions.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
        GROUP BY bonus_transactions.event_id, bonus_transactions.event_ts, bonus_transactions.order_date, bonus_transactions.bonus_user_id, bonus_transactions.order_id
    ) AS staged
) AS events
INNER JOIN staging.load_ledger AS loads ON loads.load_id = events.load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.s_bonus_transaction AS stored
    WHERE stored.hk_l_bonus_transaction_id = events.hk_l_bonus_transaction_id AND stored.hashdiff = events.hashdiff
);
