-- Satellite s_bonus_user_rank: insert the events of l_bonus_user_ranks that it does not hold: each distinct event once, whatever
-- came before or after it. Reads the batch's rows of bonus_user_ranks. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.s_bonus_user_rank (hk_l_bonus_user_rank_id, event_id, event_ts, rank_name, rank_award, hashdiff, load_dt, load_id, load_src)
SELECT
    events.hk_l_bonus_user_rank_id,
    events.event_id,
    events.event_ts,
    events.rank_name,
    events.rank_award,
    events.hashdiff,
    CAST(:load_dt AS TIMESTAMP),
    events.load_id,
    loads.load_src
FROM (
    SELECT
        MD5('l_bonus_user_ranks;' || staged.bonus_user_id::VARCHAR || ';' || staged.rank_id::VARCHAR)::UUID AS hk_l_bonus_user_rank_id,
        staged.event_id AS event_id,
        staged.event_ts AS event_ts,
        staged.rank_name AS rank_name,
        staged.rank_award AS rank_award,
        MD5(COALESCE(';' || staged.event_id::VARCHAR, ';~') || COALESCE(';' || TO_CHAR(staged.event_ts, 'YYYY-MM-DD HH24:MI:SS.US'), ';~') || COALESCE(';' || OCTET_LENGTH(staged.rank_name)::VARCHAR || ':' || staged.rank_name, ';~') || COALESCE(';' || staged.rank_award::VARCHAR, ';~'))::UUID AS hashdiff,
        staged.load_id
    FROM (
        SELECT
            bonus_user_ranks.event_id,
            bonus_user_ranks.event_ts,
            bonus_user_ranks.rank_name,
            bonus_user_ranks.rank_award,
            bonus_user_ranks.bonus_user_id,
            bonus_user_ranks.rank_id,
            MIN(bonus_user_ranks.load_id) AS load_id
        FROM staging.bonus_user_ranks
        WHERE bonus_user_ranks.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
        GROUP BY bonus_user_ranks.event_id, bonus_user_ranks.event_ts, bonus_user_ranks.rank_name, bonus_user_ranks.rank_award, bonus_user_ranks.bonus_user_id, bonus_user_ranks.rank_id
    ) AS staged
) AS events
INNER JOIN staging.load_ledger AS loads ON loads.load_id = events.load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.s_bonus_user_rank AS stored
    WHERE stored.hk_l_bonus_user_rank_id = events.hk_l_bonus_user_rank_id AND stored.hashdiff = events.hashdiff
);
