-- Satellite s_auth_history: insert the events of l_user_group_activity that it does not hold: each distinct event once, whatever
-- came before or after it. Reads the batch's rows of group_log. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.s_auth_history (hk_l_user_group_activity, user_id_from, event, event_dt, hashdiff, load_dt, load_id, load_src)
SELECT
    events.hk_l_user_group_activity,
    events.user_id_from,
    events.event,
    events.event_dt,
    events.hashdiff,
    CAST(:load_dt AS TIMESTAMP),
    events.load_id,
    loads.load_src
FROM (
    SELECT
        MD5('l_user_group_activity;' || staged.user_id::VARCHAR || ';' || staged.group_id::VARCHAR)::UUID AS hk_l_user_group_activity,
        staged.user_id_from AS user_id_from,
        staged.event AS event,
        staged.event_dt AS event_dt,
        MD5(COALESCE(';' || staged.user_id_from::VARCHAR, ';~') || COALESCE(';' || OCTET_LENGTH(staged.event)::VARCHAR || ':' || staged.event, ';~') || COALESCE(';' || TO_CHAR(staged.event_dt, 'YYYY-MM-DD HH24:MI:SS.US'), ';~'))::UUID AS hashdiff,
        staged.load_id
    FROM (
        SELECT
            group_log.user_id_from,
            group_log.event,
            group_log.event_dt,
            group_log.user_id,
            group_log.group_id,
            MIN(group_log.load_id) AS load_id
        FROM staging.group_log
        WHERE group_log.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
        GROUP BY group_log.user_id_from, group_log.event, group_log.event_dt, group_log.user_id, group_log.group_id
    ) AS staged
) AS events
INNER JOIN staging.load_ledger AS loads ON loads.load_id = events.load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.s_auth_history AS stored
    WHERE stored.hk_l_user_group_activity = events.hk_l_user_group_activity AND stored.hashdiff = events.hashdiff
);
