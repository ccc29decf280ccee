-- Satellite s_rank_info: insert the versions of h_ranks that differ from the version before them: within
-- the batch in load order, and the first of the batch from the latest stored one. A, B, A keeps all three.
-- Reads the batch's rows of bonus_ranks. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.s_rank_info (hk_rank_id, rank_name, bonus_percent, min_payment_threshold, hashdiff, load_dt, load_id, record_no, load_src)
SELECT
    versions.hk_rank_id,
    versions.rank_name,
    versions.bonus_percent,
    versions.min_payment_threshold,
    versions.hashdiff,
    CAST(:load_dt AS TIMESTAMP),
    versions.load_id,
    versions.record_no,
    loads.load_src
FROM (
    SELECT
        observed.hk_rank_id,
        observed.rank_name,
        observed.bonus_percent,
        observed.min_payment_threshold,
        observed.hashdiff,
        observed.load_id,
        observed.record_no,
        LAG(observed.hashdiff) OVER (PARTITION BY observed.hk_rank_id ORDER BY observed.load_id, observed.record_no) AS earlier_hashdiff
    FROM (
        SELECT
            MD5('ranks;' || staged.rank_id::VARCHAR)::UUID AS hk_rank_id,
            staged.rank_name AS rank_name,
            staged.bonus_percent AS bonus_percent,
            staged.min_payment_threshold AS min_payment_threshold,
            MD5(COALESCE(';' || OCTET_LENGTH(staged.rank_name)::VARCHAR || ':' || staged.rank_name, ';~') || COALESCE(';' || staged.bonus_percent::VARCHAR, ';~') || COALESCE(';' || staged.min_payment_threshold::VARCHAR, ';~'))::UUID AS hashdiff,
            staged.load_id,
            staged.record_no
        FROM staging.bonus_ranks AS staged
        WHERE staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
    ) AS observed
) AS versions
INNER JOIN staging.load_ledger AS loads ON loads.load_id = versions.load_id
LEFT JOIN (
    SELECT
        stored.hk_rank_id,
        stored.hashdiff,
        ROW_NUMBER() OVER (
            PARTITION BY stored.hk_rank_id ORDER BY stored.load_dt DESC, stored.load_id DESC, stored.record_no DESC
        ) AS age
    FROM dwh.s_rank_info AS stored
    -- Only of the batch's keys: what the others say is not read.
    WHERE stored.hk_rank_id IN (
        SELECT MD5('ranks;' || staged.rank_id::VARCHAR)::UUID
        FROM staging.bonus_ranks AS staged
        WHERE staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
    )
) AS latest ON latest.hk_rank_id = versions.hk_rank_id AND latest.age = 1
WHERE COALESCE(versions.earlier_hashdiff, latest.hashdiff) IS NULL
   OR COALESCE(versions.earlier_hashdiff, latest.hashdiff) <> versions.hashdiff;
