-- Satellite s_user_socdem: insert the versions of h_users that differ from the version before them: within
-- the batch in load order, and the first of the batch from the latest stored one. A, B, A keeps all three.
-- Reads the batch's rows of users. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.s_user_socdem (hk_user_id, country, age, hashdiff, load_dt, load_id, load_src)
SELECT
    versions.hk_user_id,
    versions.country,
    versions.age,
    versions.hashdiff,
    CAST(:load_dt AS TIMESTAMP),
    versions.load_id,
    loads.load_src
FROM (
    SELECT
        observed.hk_user_id,
        observed.country,
        observed.age,
        observed.hashdiff,
        observed.load_id,
        LAG(observed.hashdiff) OVER (PARTITION BY observed.hk_user_id ORDER BY observed.load_id) AS earlier_hashdiff
    FROM (
        SELECT
            MD5('users;' || staged.id::VARCHAR)::UUID AS hk_user_id,
            staged.country AS country,
            staged.age AS age,
            MD5(COALESCE(';' || OCTET_LENGTH(staged.country)::VARCHAR || ':' || staged.country, ';~') || COALESCE(';' || staged.age::VARCHAR, ';~'))::UUID AS hashdiff,
            staged.load_id
        FROM staging.users AS staged
        WHERE staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
    ) AS observed
) AS versions
INNER JOIN staging.load_ledger AS loads ON loads.load_id = versions.load_id
LEFT JOIN (
    SELECT
        stored.hk_user_id,
        stored.hashdiff,
        ROW_NUMBER() OVER (
            PARTITION BY stored.hk_user_id ORDER BY stored.load_dt DESC, stored.load_id DESC
        ) AS age
    FROM dwh.s_user_socdem AS stored
    -- Only of the batch's keys: what the others say is not read.
    WHERE stored.hk_user_id IN (
        SELECT MD5('users;' || staged.id::VARCHAR)::UUID
        FROM staging.users AS staged
        WHERE staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
    )
) AS latest ON latest.hk_user_id = versions.hk_user_id AND latest.age = 1
WHERE COALESCE(versions.earlier_hashdiff, latest.hashdiff) IS NULL
   OR COALESCE(versions.earlier_hashdiff, latest.hashdiff) <> versions.hashdiff;
