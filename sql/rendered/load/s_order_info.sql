-- Satellite s_order_info: insert the versions of h_orders that differ from the version before them: within
-- the batch in load order, and the first of the batch from the latest stored one. A, B, A keeps all three.
-- Reads the batch's rows of orders. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.s_order_info (hk_order_id, order_dt, cost, payment, bonus_payment, bonus_grant, final_status, update_ts, items_digest, hashdiff, load_dt, load_id, record_no, load_src)
SELECT
    versions.hk_order_id,
    versions.order_dt,
    versions.cost,
    versions.payment,
    versions.bonus_payment,
    versions.bonus_grant,
    versions.final_status,
    versions.update_ts,
    versions.items_digest,
    versions.hashdiff,
    CAST(:load_dt AS TIMESTAMP),
    versions.load_id,
    versions.record_no,
    loads.load_src
FROM (
    SELECT
        observed.hk_order_id,
        observed.order_dt,
        observed.cost,
        observed.payment,
        observed.bonus_payment,
        observed.bonus_grant,
        observed.final_status,
        observed.update_ts,
        observed.items_digest,
        observed.hashdiff,
        observed.load_id,
        observed.record_no,
        LAG(observed.hashdiff) OVER (PARTITION BY observed.hk_order_id ORDER BY observed.load_id, observed.record_no) AS earlier_hashdiff
    FROM (
        SELECT
            MD5('orders;' || staged.order_id::VARCHAR)::UUID AS hk_order_id,
            staged.order_dt AS order_dt,
            staged.cost AS cost,
            staged.payment AS payment,
            staged.bonus_payment AS bonus_payment,
            staged.bonus_grant AS bonus_grant,
            staged.final_status AS final_status,
            staged.update_ts AS update_ts,
            staged.items_digest AS items_digest,
            MD5(COALESCE(';' || TO_CHAR(staged.order_dt, 'YYYY-MM-DD HH24:MI:SS.US'), ';~') || COALESCE(';' || staged.cost::VARCHAR, ';~') || COALESCE(';' || staged.payment::VARCHAR, ';~') || COALESCE(';' || staged.bonus_payment::VARCHAR, ';~') || COALESCE(';' || staged.bonus_grant::VARCHAR, ';~') || COALESCE(';' || OCTET_LENGTH(staged.final_status)::VARCHAR || ':' || staged.final_status, ';~') || COALESCE(';' || TO_CHAR(staged.update_ts, 'YYYY-MM-DD HH24:MI:SS.US'), ';~') || COALESCE(';' || OCTET_LENGTH(staged.items_digest)::VARCHAR || ':' || staged.items_digest, ';~'))::UUID AS hashdiff,
            staged.load_id,
            staged.record_no
        FROM staging.orders AS staged
        WHERE staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
    ) AS observed
) AS versions
INNER JOIN staging.load_ledger AS loads ON loads.load_id = versions.load_id
LEFT JOIN (
    SELECT
        stored.hk_order_id,
        stored.hashdiff,
        ROW_NUMBER() OVER (
            PARTITION BY stored.hk_order_id ORDER BY stored.load_dt DESC, stored.load_id DESC, stored.record_no DESC
        ) AS age
    FROM dwh.s_order_info AS stored
    -- Only of the batch's keys: what the others say is not read.
    WHERE stored.hk_order_id IN (
        SELECT MD5('orders;' || staged.order_id::VARCHAR)::UUID
        FROM staging.orders AS staged
        WHERE staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
    )
) AS latest ON latest.hk_order_id = versions.hk_order_id AND latest.age = 1
WHERE COALESCE(versions.earlier_hashdiff, latest.hashdiff) IS NULL
   OR COALESCE(versions.earlier_hashdiff, latest.hashdiff) <> versions.hashdiff;
