-- Hub h_ranks: insert the business keys that it does not hold; every column that names one is a source.
-- The earliest load that names a key is its source. Reads the batch's rows of staging. Run once for a batch:
-- that no batch is taken twice is the vault ledger's doing.
INSERT INTO dwh.h_ranks (hk_rank_id, rank_id, load_dt, load_src)
SELECT
    records_to_insert.hk_rank_id,
    records_to_insert.rank_id,
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        MD5('ranks;' || staged.rank_id::VARCHAR)::UUID AS hk_rank_id,
        staged.rank_id,
        staged.first_load_id
    FROM (
        SELECT
            named.rank_id,
            MIN(named.load_id) AS first_load_id
        FROM (
            SELECT
                bonus_user_ranks.rank_id AS rank_id,
                bonus_user_ranks.load_id
            FROM staging.bonus_user_ranks
            WHERE bonus_user_ranks.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND bonus_user_ranks.rank_id IS NOT NULL
            UNION ALL
            SELECT
                bonus_ranks.rank_id AS rank_id,
                bonus_ranks.load_id
            FROM staging.bonus_ranks
            WHERE bonus_ranks.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND bonus_ranks.rank_id IS NOT NULL
        ) AS named
        GROUP BY named.rank_id
    ) AS staged
) AS records_to_insert
INNER JOIN staging.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.h_ranks AS hub
    WHERE hub.hk_rank_id = records_to_insert.hk_rank_id
);
