-- Satellite s_group_name: insert the versions of h_groups that differ from the version before them: within
-- the batch in load order, and the first of the batch from the latest stored one. A, B, A keeps all three.
-- Reads the batch's rows of groups. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.s_group_name (hk_group_id, group_name, registration_dt, hashdiff, load_dt, load_id, load_src)
SELECT
    versions.hk_group_id,
    versions.group_name,
    versions.registration_dt,
    versions.hashdiff,
    CAST(:load_dt AS TIMESTAMP),
    versions.load_id,
    loads.load_src
FROM (
    SELECT
        observed.hk_group_id,
        observed.group_name,
        observed.registration_dt,
        observed.hashdiff,
        observed.load_id,
        LAG(observed.hashdiff) OVER (PARTITION BY observed.hk_group_id ORDER BY observed.load_id) AS earlier_hashdiff
    FROM (
        SELECT
            MD5('groups;' || staged.id::VARCHAR)::UUID AS hk_group_id,
            staged.group_name AS group_name,
            staged.registration_dt AS registration_dt,
            MD5(COALESCE(';' || OCTET_LENGTH(staged.group_name)::VARCHAR || ':' || staged.group_name, ';~') || COALESCE(';' || TO_CHAR(staged.registration_dt, 'YYYY-MM-DD HH24:MI:SS.US'), ';~'))::UUID AS hashdiff,
            staged.load_id
        FROM staging.groups AS staged
        WHERE staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
    ) AS observed
) AS versions
INNER JOIN staging.load_ledger AS loads ON loads.load_id = versions.load_id
LEFT JOIN (
    SELECT
        stored.hk_group_id,
        stored.hashdiff,
        ROW_NUMBER() OVER (
            PARTITION BY stored.hk_group_id ORDER BY stored.load_dt DESC, stored.load_id DESC
        ) AS age
    FROM dwh.s_group_name AS stored
    -- Only of the batch's keys: what the others say is not read.
    WHERE stored.hk_group_id IN (
        SELECT MD5('groups;' || staged.id::VARCHAR)::UUID
        FROM staging.groups AS staged
        WHERE staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
    )
) AS latest ON latest.hk_group_id = versions.hk_group_id AND latest.age = 1
WHERE COALESCE(versions.earlier_hashdiff, latest.hashdiff) IS NULL
   OR COALESCE(versions.earlier_hashdiff, latest.hashdiff) <> versions.hashdiff;
