-- Satellite s_delivery_info: insert the versions of h_deliveries that differ from the version before them: within
-- the batch in load order, and the first of the batch from the latest stored one. A, B, A keeps all three.
-- Reads the batch's rows of deliveries. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.s_delivery_info (hk_delivery_id, order_ts, delivery_ts, address, rate, order_sum, tip_sum, hashdiff, load_dt, load_id, record_no, load_src)
SELECT
    versions.hk_delivery_id,
    versions.order_ts,
    versions.delivery_ts,
    versions.address,
    versions.rate,
    versions.order_sum,
    versions.tip_sum,
    versions.hashdiff,
    CAST(:load_dt AS TIMESTAMP),
    versions.load_id,
    versions.record_no,
    loads.load_src
FROM (
    SELECT
        observed.hk_delivery_id,
        observed.order_ts,
        observed.delivery_ts,
        observed.address,
        observed.rate,
        observed.order_sum,
        observed.tip_sum,
        observed.hashdiff,
        observed.load_id,
        observed.record_no,
        LAG(observed.hashdiff) OVER (PARTITION BY observed.hk_delivery_id ORDER BY observed.load_id, observed.record_no) AS earlier_hashdiff
    FROM (
        SELECT
            MD5('deliveries;' || staged.delivery_id::VARCHAR)::UUID AS hk_delivery_id,
            staged.order_ts AS order_ts,
            staged.delivery_ts AS delivery_ts,
            staged.address AS address,
            staged.rate AS rate,
            staged.order_sum AS order_sum,
            staged.tip_sum AS tip_sum,
            MD5(COALESCE(';' || TO_CHAR(staged.order_ts, 'YYYY-MM-DD HH24:MI:SS.US'), ';~') || COALESCE(';' || TO_CHAR(staged.delivery_ts, 'YYYY-MM-DD HH24:MI:SS.US'), ';~') || COALESCE(';' || OCTET_LENGTH(staged.address)::VARCHAR || ':' || staged.address, ';~') || COALESCE(';' || staged.rate::VARCHAR, ';~') || COALESCE(';' || staged.order_sum::VARCHAR, ';~') || COALESCE(';' || staged.tip_sum::VARCHAR, ';~'))::UUID AS hashdiff,
            staged.load_id,
            staged.record_no
        FROM staging.deliveries AS staged
        WHERE staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
    ) AS observed
) AS versions
INNER JOIN staging.load_ledger AS loads ON loads.load_id = versions.load_id
LEFT JOIN (
    SELECT
        stored.hk_delivery_id,
        stored.hashdiff,
        ROW_NUMBER() OVER (
            PARTITION BY stored.hk_delivery_id ORDER BY stored.load_dt DESC, stored.load_id DESC, stored.record_no DESC
        ) AS age
    FROM dwh.s_delivery_info AS stored
    -- Only of the batch's keys: what the others say is not read.
    WHERE stored.hk_delivery_id IN (
        SELECT MD5('deliveries;' || staged.delivery_id::VARCHAR)::UUID
        FROM staging.deliveries AS staged
        WHERE staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
    )
) AS latest ON latest.hk_delivery_id = versions.hk_delivery_id AND latest.age = 1
WHERE COALESCE(versions.earlier_hashdiff, latest.hashdiff) IS NULL
   OR COALESCE(versions.earlier_hashdiff, latest.hashdiff) <> versions.hashdiff;
