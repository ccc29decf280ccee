-- Satellite s_order_user_info: insert the versions of h_order_users that differ from the version before them: within
-- the batch in load order, and the first of the batch from the latest stored one. A, B, A keeps all three.
-- Reads the batch's rows of order_users. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.s_order_user_info (hk_order_user_id, user_name, user_login, update_ts, hashdiff, load_dt, load_id, record_no, load_src)
SELECT
    versions.hk_order_user_id,
    versions.user_name,
    versions.user_login,
    versions.update_ts,
    versions.hashdiff,
    CAST(:load_dt AS TIMESTAMP),
    versions.load_id,
    versions.record_no,
    loads.load_src
FROM (
    SELECT
        observed.hk_order_user_id,
        observed.user_name,
        observed.user_login,
        observed.update_ts,
        observed.hashdiff,
        observed.load_id,
        observed.record_no,
        LAG(observed.hashdiff) OVER (PARTITION BY observed.hk_order_user_id ORDER BY observed.load_id, observed.record_no) AS earlier_hashdiff
    FROM (
        SELECT
            MD5('order_users;' || staged.order_user_id::VARCHAR)::UUID AS hk_order_user_id,
            staged.user_name AS user_name,
            staged.user_login AS user_login,
            staged.update_ts AS update_ts,
            MD5(COALESCE(';' || OCTET_LENGTH(staged.user_name)::VARCHAR || ':' || staged.user_name, ';~') || COALESCE(';' || OCTET_LENGTH(staged.user_login)::VARCHAR || ':' || staged.user_login, ';~') || COALESCE(';' || TO_CHAR(staged.update_ts, 'YYYY-MM-DD HH24:MI:SS.US'), ';~'))::UUID AS hashdiff,
            staged.load_id,
            staged.record_no
        FROM staging.order_users AS staged
        WHERE staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
    ) AS observed
) AS versions
INNER JOIN staging.load_ledger AS loads ON loads.load_id = versions.load_id
LEFT JOIN (
    SELECT
        stored.hk_order_user_id,
        stored.hashdiff,
        ROW_NUMBER() OVER (
            PARTITION BY stored.hk_order_user_id ORDER BY stored.load_dt DESC, stored.load_id DESC, stored.record_no DESC
        ) AS age
    FROM dwh.s_order_user_info AS stored
    -- Only of the batch's keys: what the others say is not read.
    WHERE stored.hk_order_user_id IN (
        SELECT MD5('order_users;' || staged.order_user_id::VARCHAR)::UUID
        FROM staging.order_users AS staged
        WHERE staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
    )
) AS latest ON latest.hk_order_user_id = versions.hk_order_user_id AND latest.age = 1
WHERE COALESCE(versions.earlier_hashdiff, latest.hashdiff) IS NULL
   OR COALESCE(versions.earlier_hashdiff, latest.hashdiff) <> versions.hashdiff;
