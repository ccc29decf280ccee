-- Hub h_bonus_users: insert the business keys that it does not hold; every column that names one is a source.
-- The earliest load that names a key is its source. Reads the batch's rows of staging. Run once for a batch:
-- that no batch is taken twice is the vault ledger's doing.
INSERT INTO dwh.h_bonus_users (hk_bonus_user_id, bonus_user_id, load_dt, load_src)
SELECT
    records_to_insert.hk_bonus_user_id,
    records_to_insert.bonus_user_id,
    CAST(:load_dt AS TIMESTAMP),
    loads.load_src
FROM (
    SELECT
        MD5('bonus_users;' || staged.bonus_user_id::VARCHAR)::UUID AS hk_bonus_user_id,
        staged.bonus_user_id,
        staged.first_load_id
    FROM (
        SELECT
            named.bonus_user_id,
            MIN(named.load_id) AS first_load_id
        FROM (
            SELECT
                bonus_user_ranks.bonus_user_id AS bonus_user_id,
                bonus_user_ranks.load_id
            FROM staging.bonus_user_ranks
            WHERE bonus_user_ranks.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND bonus_user_ranks.bonus_user_id IS NOT NULL
            UNION ALL
            SELECT
                bonus_user_balances.bonus_user_id AS bonus_user_id,
                bonus_user_balances.load_id
            FROM staging.bonus_user_balances
            WHERE bonus_user_balances.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND bonus_user_balances.bonus_user_id IS NOT NULL
            UNION ALL
            SELECT
                bonus_transactions.bonus_user_id AS bonus_user_id,
                bonus_transactions.load_id
            FROM staging.bonus_transactions
            WHERE bonus_transactions.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND bonus_transactions.bonus_user_id IS NOT NULL
            UNION ALL
            SELECT
                bonus_users.bonus_user_id AS bonus_user_id,
                bonus_users.load_id
            FROM staging.bonus_users
            WHERE bonus_users.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id) AND bonus_users.bonus_user_id IS NOT NULL
        ) AS named
        GROUP BY named.bonus_user_id
    ) AS staged
) AS records_to_insert
INNER JOIN staging.load_ledger AS loads ON loads.load_id = records_to_insert.first_load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.h_bonus_users AS hub
    WHERE hub.hk_bonus_user_id = records_to_insert.hk_bonus_user_id
);
