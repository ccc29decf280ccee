-- Link l_bonus_user_ranks: insert the relations that it does not hold. Its key comes from the business keys of its
-- hubs, so no hub is read. Reads the batch's rows of bonus_user_ranks. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.l_bonus_user_ranks (hk_l_bonus_user_rank_id, hk_bonus_user_id, hk_rank_id, load_dt, load_src)
SELECT
    records_to_insert.hk_l_bonus_user_rank_id,
    records_to_insert.hk_bonus_user_id,
    records_to_insert.hk_rank_id,
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        MD5('l_bonus_user_ranks;' || staged.bonus_user_id::VARCHAR || ';' || staged.rank_id::VARCHAR)::UUID AS hk_l_bonus_user_rank_id,
        MD5('bonus_users;' || staged.bonus_user_id::VARCHAR)::UUID AS hk_bonus_user_id,
        MD5('ranks;' || staged.rank_id::VARCHAR)::UUID AS hk_rank_id,
        staged.first_load_id
    FROM (
        SELECT
            bonus_user_ranks.bonus_user_id,
            bonus_user_ranks.rank_id,
            MIN(bonus_user_ranks.load_id) AS first_load_id
        FROM staging.bonus_user_ranks
        WHERE bonus_user_ranks.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
          AND bonus_user_ranks.bonus_user_id IS NOT NULL
          AND bonus_user_ranks.rank_id IS NOT NULL
        GROUP BY bonus_user_ranks.bonus_user_id, bonus_user_ranks.rank_id
    ) AS staged
) AS records_to_insert
INNER JOIN staging.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.l_bonus_user_ranks AS link
    WHERE link.hk_l_bonus_user_rank_id = records_to_insert.hk_l_bonus_user_rank_id
);
