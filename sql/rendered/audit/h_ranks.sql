-- Audits of h_ranks after a batch: rows of (audit, offenders); each count must be 0.
-- Reads the rows of the batch, and the older ones of its keys. Safe to repeat.
SELECT 'a key of the batch stands twice' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.hk_rank_id
    FROM dwh.h_ranks AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.h_ranks AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.hk_rank_id = every_row.hk_rank_id
    )
    GROUP BY every_row.hk_rank_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a hash key is not that of its business key' AS audit, COUNT(*) AS offenders
FROM dwh.h_ranks AS staged
WHERE staged.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND staged.hk_rank_id <> MD5('ranks;' || staged.rank_id::VARCHAR)::UUID
UNION ALL
SELECT 'a business key of the batch stands twice, under two hash keys' AS audit, COUNT(*) AS offenders
FROM (
    SELECT every_row.rank_id
    FROM dwh.h_ranks AS every_row
    WHERE EXISTS (
        SELECT 1
        FROM dwh.h_ranks AS new_row
        WHERE new_row.load_dt = CAST(:load_dt AS TIMESTAMP)
          AND new_row.rank_id = every_row.rank_id
    )
    GROUP BY every_row.rank_id
    HAVING COUNT(*) > 1
) AS repeated
UNION ALL
SELECT 'a business key of the batch is absent, or its hash key belongs to another' AS audit, COUNT(*) AS offenders
FROM (
    SELECT bonus_user_ranks.rank_id AS rank_id
    FROM staging.bonus_user_ranks
    WHERE bonus_user_ranks.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND bonus_user_ranks.rank_id IS NOT NULL
    UNION
    SELECT bonus_ranks.rank_id AS rank_id
    FROM staging.bonus_ranks
    WHERE bonus_ranks.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND bonus_ranks.rank_id IS NOT NULL
) AS named
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.h_ranks AS hub
    WHERE hub.rank_id = named.rank_id
);
