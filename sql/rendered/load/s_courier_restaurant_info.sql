-- Satellite s_courier_restaurant_info: insert the versions of h_restaurants that differ from the version before them: within
-- the batch in load order, and the first of the batch from the latest stored one. A, B, A keeps all three.
-- Reads the batch's rows of courier_restaurants. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.s_courier_restaurant_info (hk_restaurant_id, restaurant_name, hashdiff, load_dt, load_id, record_no, load_src)
SELECT
    versions.hk_restaurant_id,
    versions.restaurant_name,
    versions.hashdiff,
    CAST(:load_dt AS TIMESTAMP),
    versions.load_id,
    versions.record_no,
    loads.load_src
FROM (
    SELECT
        observed.hk_restaurant_id,
        observed.restaurant_name,
        observed.hashdiff,
        observed.load_id,
        observed.record_no,
        LAG(observed.hashdiff) OVER (PARTITION BY observed.hk_restaurant_id ORDER BY observed.load_id, observed.record_no) AS earlier_hashdiff
    FROM (
        SELECT
            MD5('restaurants;' || staged.restaurant_id::VARCHAR)::UUID AS hk_restaurant_id,
            staged.restaurant_name AS restaurant_name,
            MD5(COALESCE(';' || OCTET_LENGTH(staged.restaurant_name)::VARCHAR || ':' || staged.restaurant_name, ';~'))::UUID AS hashdiff,
            staged.load_id,
            staged.record_no
        FROM staging.courier_restaurants AS staged
        WHERE staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
    ) AS observed
) AS versions
INNER JOIN staging.load_ledger AS loads ON loads.load_id = versions.load_id
LEFT JOIN (
    SELECT
        stored.hk_restaurant_id,
        stored.hashdiff,
        ROW_NUMBER() OVER (
            PARTITION BY stored.hk_restaurant_id ORDER BY stored.load_dt DESC, stored.load_id DESC, stored.record_no DESC
        ) AS age
    FROM dwh.s_courier_restaurant_info AS stored
    -- Only of the batch's keys: what the others say is not read.
    WHERE stored.hk_restaurant_id IN (
        SELECT MD5('restaurants;' || staged.restaurant_id::VARCHAR)::UUID
        FROM staging.courier_restaurants AS staged
        WHERE staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
    )
) AS latest ON latest.hk_restaurant_id = versions.hk_restaurant_id AND latest.age = 1
WHERE COALESCE(versions.earlier_hashdiff, latest.hashdiff) IS NULL
   OR COALESCE(versions.earlier_hashdiff, latest.hashdiff) <> versions.hashdiff;
