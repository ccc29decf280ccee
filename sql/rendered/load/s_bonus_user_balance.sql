-- Satellite s_bonus_user_balance: insert the events of h_bonus_users that it does not hold: each distinct event once, whatever
-- came before or after it. Reads the batch's rows of bonus_user_balances. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.s_bonus_user_balance (hk_bonus_user_id, event_id, event_ts, balance, hashdiff, load_dt, load_id, load_src)
SELECT
    events.hk_bonus_user_id,
    events.event_id,
    events.event_ts,
    events.balance,
    events.hashdiff,
    CAST(:load_dt AS TIMESTAMP),
    events.load_id,
    loads.load_src
FROM (
    SELECT
        MD5('bonus_users;' || staged.bonus_user_id::VARCHAR)::UUID AS hk_bonus_user_id,
        staged.event_id AS event_id,
        staged.event_ts AS event_ts,
        staged.balance AS balance,
        MD5(COALESCE(';' || staged.event_id::VARCHAR, ';~') || COALESCE(';' || TO_CHAR(staged.event_ts, 'YYYY-MM-DD HH24:MI:SS.US'), ';~') || COALESCE(';' || staged.balance::VARCHAR, ';~'))::UUID AS hashdiff,
        staged.load_id
    FROM (
        SELECT
            bonus_user_balances.event_id,
            bonus_user_balances.event_ts,
            bonus_user_balances.balance,
            bonus_user_balances.bonus_user_id,
            MIN(bonus_user_balances.load_id) AS load_id
        FROM staging.bonus_user_balances
        WHERE bonus_user_balances.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
        GROUP BY bonus_user_balances.event_id, bonus_user_balances.event_ts, bonus_user_balances.balance, bonus_user_balances.bonus_user_id
    ) AS staged
) AS events
INNER JOIN staging.load_ledger AS loads ON loads.load_id = events.load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.s_bonus_user_balance AS stored
    WHERE stored.hk_bonus_user_id = events.hk_bonus_user_id AND stored.hashdiff = events.hashdiff
);
