-- Satellite s_dialog_info: insert the events of h_dialogs that it does not hold: each distinct event once, whatever
-- came before or after it. Reads the batch's rows of dialogs. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.s_dialog_info (hk_message_id, message_ts, message_from, message_to, message, message_group, hashdiff, load_dt, load_id, load_src)
SELECT
    events.hk_message_id,
    events.message_ts,
    events.message_from,
    events.message_to,
    events.message,
    events.message_group,
    events.hashdiff,
    CAST(:load_dt AS TIMESTAMP),
    events.load_id,
    loads.load_src
FROM (
    SELECT
        MD5('dialogs;' || staged.message_id::VARCHAR)::UUID AS hk_message_id,
        staged.message_ts AS message_ts,
        staged.message_from AS message_from,
        staged.message_to AS message_to,
        staged.message AS message,
        staged.message_group AS message_group,
        MD5(COALESCE(';' || TO_CHAR(staged.message_ts, 'YYYY-MM-DD HH24:MI:SS.US'), ';~') || COALESCE(';' || staged.message_from::VARCHAR, ';~') || COALESCE(';' || staged.message_to::VARCHAR, ';~') || COALESCE(';' || OCTET_LENGTH(staged.message)::VARCHAR || ':' || staged.message, ';~') || COALESCE(';' || staged.message_group::VARCHAR, ';~'))::UUID AS hashdiff,
        staged.load_id
    FROM (
        SELECT
            dialogs.message_ts,
            dialogs.message_from,
            dialogs.message_to,
            dialogs.message,
            dialogs.message_group,
            dialogs.message_id,
            MIN(dialogs.load_id) AS load_id
        FROM staging.dialogs
        WHERE dialogs.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
        GROUP BY dialogs.message_ts, dialogs.message_from, dialogs.message_to, dialogs.message, dialogs.message_group, dialogs.message_id
    ) AS staged
) AS events
INNER JOIN staging.load_ledger AS loads ON loads.load_id = events.load_id
WHERE NOT EXISTS (
    SELECT 1
    FROM dwh.s_dialog_info AS stored
    WHERE stored.hk_message_id = events.hk_message_id AND stored.hashdiff = events.hashdiff
);
