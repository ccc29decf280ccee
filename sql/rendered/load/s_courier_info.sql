-- Satellite s_courier_info: insert the versions of h_couriers that differ from the version before them: within
-- the batch in load order, and the first of the batch from the latest stored one. A, B, A keeps all three.
-- Reads the batch's rows of couriers. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.s_courier_info (hk_courier_id, courier_name, hashdiff, load_dt, load_id, record_no, load_src)
SELECT
    versions.hk_courier_id,
    versions.courier_name,
    versions.hashdiff,
    CAST(:load_dt AS TIMESTAMP),
    versions.load_id,
    versions.record_no,
    loads.load_src
FROM (
    SELECT
        observed.hk_courier_id,
        observed.courier_name,
        observed.hashdiff,
        observed.load_id,
        observed.record_no,
        LAG(observed.hashdiff) OVER (PARTITION BY observed.hk_courier_id ORDER BY observed.load_id, observed.record_no) AS earlier_hashdiff
    FROM (
        SELECT
            MD5('couriers;' || staged.courier_id::VARCHAR)::UUID AS hk_courier_id,
            staged.courier_name AS courier_name,
            MD5(COALESCE(';' || OCTET_LENGTH(staged.courier_name)::VARCHAR || ':' || staged.courier_name, ';~'))::UUID AS hashdiff,
            staged.load_id,
            staged.record_no
        FROM staging.couriers AS staged
        WHERE staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
    ) AS observed
) AS versions
INNER JOIN staging.load_ledger AS loads ON loads.load_id = versions.load_id
LEFT JOIN (
    SELECT
        stored.hk_courier_id,
        stored.hashdiff,
        ROW_NUMBER() OVER (
            PARTITION BY stored.hk_courier_id ORDER BY stored.load_dt DESC, stored.load_id DESC, stored.record_no DESC
        ) AS age
    FROM dwh.s_courier_info AS stored
    -- Only of the batch's keys: what the others say is not read.
    WHERE stored.hk_courier_id IN (
        SELECT MD5('couriers;' || staged.courier_id::VARCHAR)::UUID
        FROM staging.couriers AS staged
        WHERE staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
    )
) AS latest ON latest.hk_courier_id = versions.hk_courier_id AND latest.age = 1
WHERE COALESCE(versions.earlier_hashdiff, latest.hashdiff) IS NULL
   OR COALESCE(versions.earlier_hashdiff, latest.hashdiff) <> versions.hashdiff;
