-- Satellite s_order_status: insert the events of h_orders that it does not hold: each distinct event once, whatever
-- came before or after it. Reads the batch's rows of order_statuses. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.s_order_status (hk_order_id, status, status_dt, hashdiff, load_dt, load_id, load_src)
SELECT
    events.hk_order_id,
    events.status,
    events.status_dt,
    events.hashdiff,
    CAST(:load_dt AS TIMESTAMP),
    events.load_id,
    loads.load_src
FROM (
    SELECT
        MD5('orders;' || staged.order_id::VARCHAR)::UUID AS hk_order_id,
        staged.status AS status,
        staged.status_dt AS status_dt,
        MD5(COALESCE(';' || OCTET_LENGTH(staged.status)::VARCHAR || ':' || staged.status, ';~') || COALESCE(';' || TO_CHAR(staged.status_dt, 'YYYY-MM-DD HH24:MI:SS.US'), ';~'))::UUID AS hashdiff,
        staged.load_id
    FROM (
        SELECT
            order_statuses.status,
            order_statuses.status_dt,
            order_statuses.order_id,
            MIN(order_statuses.load_id) AS load_id
        FROM staging.order_statuses
        WHERE order_statuses.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
        GROUP BY order_statuses.status, order_statuses.status_dt, order_statuses.order_id
    ) AS staged
) AS events
INNER JOIN staging.load_ledger AS loads ON loads.load_id = events.load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.s_order_status AS stored
    WHERE stored.hk_order_id = events.hk_order_id AND stored.hashdiff = events.hashdiff
);
