-- The yardstick: the same job as one plain DuckDB script over local files.
-- All-text scan, every rule in SQL, rejects with all their reasons, the same vault, the same answer.
-- What it does not do: S3, a wire, a ledger, raw text and record numbers of rejects, audits.
-- Statements end with a semicolon at the end of a line; {data} is the folder of the four files.

-- stage: scan
CREATE MACRO is_int(x) AS regexp_full_match(x, '-?[0-9]{1,19}(\.0+)?');
CREATE MACRO whole(x) AS TRY_CAST(regexp_replace(x, '\.0+$', '') AS BIGINT);
CREATE MACRO is_ts(x) AS TRY_CAST(x AS TIMESTAMP) IS NOT NULL AND length(x) BETWEEN 19 AND 26;
CREATE MACRO has_control(x) AS regexp_matches(x, '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]');
CREATE MACRO key_part(x) AS ';' || x;

CREATE TABLE users_rej (record VARCHAR, reasons VARCHAR);
CREATE TABLE groups_rej (record VARCHAR, reasons VARCHAR);
CREATE TABLE dialogs_rej (record VARCHAR, reasons VARCHAR);
CREATE TABLE group_log_rej (record VARCHAR, reasons VARCHAR);

CREATE TEMP TABLE users_judged AS
SELECT
    *,
    concat_ws('; ',
        CASE WHEN id IS NULL THEN 'id: missing' WHEN NOT is_int(id) THEN 'id: not an integer'
             WHEN whole(id) < 0 THEN 'id: out of range' END,
        CASE WHEN registration_dt IS NULL THEN 'registration_dt: missing'
             WHEN NOT is_ts(registration_dt) THEN 'registration_dt: not a timestamp' END,
        CASE WHEN strlen(chat_name) > 200 THEN 'chat_name: too long' END,
        CASE WHEN strlen(country) > 200 THEN 'country: too long' END,
        CASE WHEN NOT is_int(age) THEN 'age: not an integer'
             WHEN whole(age) NOT BETWEEN 0 AND 130 THEN 'age: out of range' END,
        CASE WHEN has_control(chat_name) OR has_control(country) THEN 'record: control character' END
    ) AS reasons
FROM read_csv('{data}/users.csv', auto_detect = false,
    columns = {'id': 'VARCHAR', 'chat_name': 'VARCHAR', 'registration_dt': 'VARCHAR', 'country': 'VARCHAR', 'age': 'VARCHAR'}, header = true, delim = ',', quote = '"', escape = '"',
    new_line = '\n', store_rejects = true, rejects_table = 'users_torn', rejects_scan = 'users_scan');

CREATE TEMP TABLE groups_judged AS
SELECT
    *,
    concat_ws('; ',
        CASE WHEN id IS NULL THEN 'id: missing' WHEN NOT is_int(id) THEN 'id: not an integer'
             WHEN whole(id) < 0 THEN 'id: out of range' END,
        CASE WHEN admin_id IS NULL THEN 'admin_id: missing' WHEN NOT is_int(admin_id) THEN 'admin_id: not an integer'
             WHEN whole(admin_id) < 0 THEN 'admin_id: out of range' END,
        CASE WHEN registration_dt IS NULL THEN 'registration_dt: missing'
             WHEN NOT is_ts(registration_dt) THEN 'registration_dt: not a timestamp' END,
        CASE WHEN strlen(group_name) > 200 THEN 'group_name: too long' END,
        CASE WHEN is_private IS NULL THEN 'is_private: missing'
             WHEN lower(is_private) NOT IN ('0', '1', '0.0', '1.0', 'true', 'false') THEN 'is_private: not a boolean' END,
        CASE WHEN has_control(group_name) THEN 'record: control character' END
    ) AS reasons
FROM read_csv('{data}/groups.csv', auto_detect = false,
    columns = {'id': 'VARCHAR', 'admin_id': 'VARCHAR', 'group_name': 'VARCHAR', 'registration_dt': 'VARCHAR', 'is_private': 'VARCHAR'}, header = true, delim = ',', quote = '"', escape = '"',
    new_line = '\n', store_rejects = true, rejects_table = 'groups_torn', rejects_scan = 'groups_scan');

CREATE TEMP TABLE dialogs_judged AS
SELECT
    *,
    concat_ws('; ',
        CASE WHEN message_id IS NULL THEN 'message_id: missing' WHEN NOT is_int(message_id) THEN 'message_id: not an integer'
             WHEN whole(message_id) < 0 THEN 'message_id: out of range' END,
        CASE WHEN message_ts IS NULL THEN 'message_ts: missing'
             WHEN NOT is_ts(message_ts) THEN 'message_ts: not a timestamp' END,
        CASE WHEN message_from IS NULL THEN 'message_from: missing' WHEN NOT is_int(message_from) THEN 'message_from: not an integer'
             WHEN whole(message_from) < 0 THEN 'message_from: out of range' END,
        CASE WHEN message_to IS NULL THEN 'message_to: missing' WHEN NOT is_int(message_to) THEN 'message_to: not an integer'
             WHEN whole(message_to) < 0 THEN 'message_to: out of range' END,
        CASE WHEN strlen(message) > 8000 THEN 'message: too long' END,
        CASE WHEN NOT is_int(message_group) THEN 'message_group: not an integer'
             WHEN whole(message_group) < 0 THEN 'message_group: out of range' END,
        CASE WHEN has_control(message) THEN 'record: control character' END
    ) AS reasons
FROM read_csv('{data}/dialogs.csv', auto_detect = false,
    columns = {'message_id': 'VARCHAR', 'message_ts': 'VARCHAR', 'message_from': 'VARCHAR', 'message_to': 'VARCHAR', 'message': 'VARCHAR', 'message_group': 'VARCHAR'}, header = true, delim = ',', quote = '"', escape = '"',
    new_line = '\n', store_rejects = true, rejects_table = 'dialogs_torn', rejects_scan = 'dialogs_scan');

-- stage: scan group_log
CREATE TEMP TABLE group_log_judged AS
SELECT
    *,
    concat_ws('; ',
        CASE WHEN group_id IS NULL THEN 'group_id: missing' WHEN NOT is_int(group_id) THEN 'group_id: not an integer'
             WHEN whole(group_id) < 0 THEN 'group_id: out of range' END,
        CASE WHEN user_id IS NULL THEN 'user_id: missing' WHEN NOT is_int(user_id) THEN 'user_id: not an integer'
             WHEN whole(user_id) < 0 THEN 'user_id: out of range' END,
        CASE WHEN NOT is_int(user_id_from) THEN 'user_id_from: not an integer'
             WHEN whole(user_id_from) < 0 THEN 'user_id_from: out of range' END,
        CASE WHEN event IS NULL THEN 'event: missing'
             WHEN event NOT IN ('create', 'add', 'leave') THEN 'event: unknown value' END,
        CASE WHEN datetime IS NULL THEN 'event_dt: missing'
             WHEN NOT is_ts(datetime) THEN 'event_dt: not a timestamp' END
    ) AS reasons
FROM read_csv('{data}/group_log.csv', auto_detect = false,
    columns = {'group_id': 'VARCHAR', 'user_id': 'VARCHAR', 'user_id_from': 'VARCHAR', 'event': 'VARCHAR', 'datetime': 'VARCHAR'}, header = true, delim = ',', quote = '"', escape = '"',
    new_line = '\n', store_rejects = true, rejects_table = 'group_log_torn', rejects_scan = 'group_log_scan');

-- stage: split group_log
CREATE TABLE group_log AS
SELECT
    whole(group_id) AS group_id, whole(user_id) AS user_id, whole(user_id_from) AS user_id_from,
    event, datetime::TIMESTAMP AS event_dt
FROM group_log_judged
WHERE reasons = ''
QUALIFY row_number() OVER (PARTITION BY group_id, user_id, user_id_from, event, datetime) = 1;
INSERT INTO group_log_rej
SELECT concat_ws(',', group_id, user_id, user_id_from, event, datetime), reasons FROM group_log_judged WHERE reasons <> ''
UNION ALL
SELECT concat_ws(',', group_id, user_id, user_id_from, event, datetime), 'record: duplicate'
FROM (
    SELECT * FROM group_log_judged WHERE reasons = ''
    QUALIFY row_number() OVER (PARTITION BY group_id, user_id, user_id_from, event, datetime) > 1
)
UNION ALL
SELECT csv_line, string_agg(error_type, '; ') FROM group_log_torn GROUP BY line, csv_line;

-- stage: split
CREATE TABLE users AS
SELECT whole(id) AS id, chat_name, registration_dt::TIMESTAMP AS registration_dt, country, whole(age) AS age
FROM users_judged WHERE reasons = ''
QUALIFY row_number() OVER (PARTITION BY whole(id)) = 1;
INSERT INTO users_rej
SELECT concat_ws(',', id, chat_name, registration_dt, country, age), reasons FROM users_judged WHERE reasons <> ''
UNION ALL
SELECT concat_ws(',', id, chat_name, registration_dt, country, age), 'id: duplicate'
FROM (SELECT * FROM users_judged WHERE reasons = '' QUALIFY row_number() OVER (PARTITION BY whole(id)) > 1)
UNION ALL
SELECT csv_line, string_agg(error_type, '; ') FROM users_torn GROUP BY line, csv_line;

CREATE TABLE groups AS
SELECT whole(id) AS id, whole(admin_id) AS admin_id, group_name, registration_dt::TIMESTAMP AS registration_dt,
    lower(is_private) IN ('1', '1.0', 'true') AS is_private
FROM groups_judged WHERE reasons = ''
QUALIFY row_number() OVER (PARTITION BY whole(id)) = 1;
INSERT INTO groups_rej
SELECT concat_ws(',', id, admin_id, group_name, registration_dt, is_private), reasons FROM groups_judged WHERE reasons <> ''
UNION ALL
SELECT concat_ws(',', id, admin_id, group_name, registration_dt, is_private), 'id: duplicate'
FROM (SELECT * FROM groups_judged WHERE reasons = '' QUALIFY row_number() OVER (PARTITION BY whole(id)) > 1)
UNION ALL
SELECT csv_line, string_agg(error_type, '; ') FROM groups_torn GROUP BY line, csv_line;

CREATE TABLE dialogs AS
SELECT whole(message_id) AS message_id, message_ts::TIMESTAMP AS message_ts, whole(message_from) AS message_from,
    whole(message_to) AS message_to, message, whole(message_group) AS message_group
FROM dialogs_judged WHERE reasons = ''
QUALIFY row_number() OVER (PARTITION BY whole(message_id)) = 1;
INSERT INTO dialogs_rej
SELECT concat_ws(',', message_id, message_ts, message_from, message_to, message, message_group), reasons
FROM dialogs_judged WHERE reasons <> ''
UNION ALL
SELECT concat_ws(',', message_id, message_ts, message_from, message_to, message, message_group), 'message_id: duplicate'
FROM (SELECT * FROM dialogs_judged WHERE reasons = '' QUALIFY row_number() OVER (PARTITION BY whole(message_id)) > 1)
UNION ALL
SELECT csv_line, string_agg(error_type, '; ') FROM dialogs_torn GROUP BY line, csv_line;

-- stage: vault
CREATE TABLE h_users AS
SELECT DISTINCT md5('users' || key_part(user_id::VARCHAR))::UUID AS hk_user_id, user_id, $load_dt::TIMESTAMP AS load_dt, 'yardstick' AS load_src
FROM (
    SELECT id AS user_id FROM users
    UNION SELECT admin_id FROM groups
    UNION SELECT message_from FROM dialogs
    UNION SELECT message_to FROM dialogs
    UNION SELECT user_id FROM group_log
    UNION SELECT user_id_from FROM group_log WHERE user_id_from IS NOT NULL
);
CREATE TABLE h_groups AS
SELECT DISTINCT md5('groups' || key_part(group_id::VARCHAR))::UUID AS hk_group_id, group_id, $load_dt::TIMESTAMP AS load_dt, 'yardstick' AS load_src
FROM (
    SELECT id AS group_id FROM groups
    UNION SELECT message_group FROM dialogs WHERE message_group IS NOT NULL
    UNION SELECT group_id FROM group_log
);
CREATE TABLE h_dialogs AS
SELECT md5('dialogs' || key_part(message_id::VARCHAR))::UUID AS hk_message_id, message_id, $load_dt::TIMESTAMP AS load_dt, 'yardstick' AS load_src
FROM dialogs;
CREATE TABLE l_user_message AS
SELECT DISTINCT
    md5('l_user_message' || key_part(message_from::VARCHAR) || key_part(message_id::VARCHAR))::UUID AS hk_l_user_message,
    md5('users' || key_part(message_from::VARCHAR))::UUID AS hk_user_id,
    md5('dialogs' || key_part(message_id::VARCHAR))::UUID AS hk_message_id,
    $load_dt::TIMESTAMP AS load_dt, 'yardstick' AS load_src
FROM dialogs;
CREATE TABLE l_groups_dialogs AS
SELECT DISTINCT
    md5('l_groups_dialogs' || key_part(message_id::VARCHAR) || key_part(message_group::VARCHAR))::UUID AS hk_l_groups_dialogs,
    md5('dialogs' || key_part(message_id::VARCHAR))::UUID AS hk_message_id,
    md5('groups' || key_part(message_group::VARCHAR))::UUID AS hk_group_id,
    $load_dt::TIMESTAMP AS load_dt, 'yardstick' AS load_src
FROM dialogs WHERE message_group IS NOT NULL;
CREATE TABLE l_admins AS
SELECT DISTINCT
    md5('l_admins' || key_part(admin_id::VARCHAR) || key_part(id::VARCHAR))::UUID AS hk_l_admin_id,
    md5('users' || key_part(admin_id::VARCHAR))::UUID AS hk_user_id,
    md5('groups' || key_part(id::VARCHAR))::UUID AS hk_group_id,
    $load_dt::TIMESTAMP AS load_dt, 'yardstick' AS load_src
FROM groups;
CREATE TABLE l_user_group_activity AS
SELECT DISTINCT
    md5('l_user_group_activity' || key_part(user_id::VARCHAR) || key_part(group_id::VARCHAR))::UUID AS hk_l_user_group_activity,
    md5('users' || key_part(user_id::VARCHAR))::UUID AS hk_user_id,
    md5('groups' || key_part(group_id::VARCHAR))::UUID AS hk_group_id,
    $load_dt::TIMESTAMP AS load_dt, 'yardstick' AS load_src
FROM group_log;
CREATE TABLE s_user_chatinfo AS
SELECT md5('users' || key_part(id::VARCHAR))::UUID AS hk_user_id, chat_name, registration_dt,
    md5(concat_ws('|', chat_name, registration_dt::VARCHAR))::UUID AS hashdiff, $load_dt::TIMESTAMP AS load_dt, 'yardstick' AS load_src
FROM users;
CREATE TABLE s_user_socdem AS
SELECT md5('users' || key_part(id::VARCHAR))::UUID AS hk_user_id, country, age,
    md5(concat_ws('|', country, age::VARCHAR))::UUID AS hashdiff, $load_dt::TIMESTAMP AS load_dt, 'yardstick' AS load_src
FROM users;
CREATE TABLE s_group_name AS
SELECT md5('groups' || key_part(id::VARCHAR))::UUID AS hk_group_id, group_name, registration_dt,
    md5(concat_ws('|', group_name, registration_dt::VARCHAR))::UUID AS hashdiff, $load_dt::TIMESTAMP AS load_dt, 'yardstick' AS load_src
FROM groups;
CREATE TABLE s_group_private_status AS
SELECT md5('groups' || key_part(id::VARCHAR))::UUID AS hk_group_id, is_private,
    md5(is_private::VARCHAR)::UUID AS hashdiff, $load_dt::TIMESTAMP AS load_dt, 'yardstick' AS load_src
FROM groups;
CREATE TABLE s_admins AS
SELECT md5('l_admins' || key_part(admin_id::VARCHAR) || key_part(id::VARCHAR))::UUID AS hk_l_admin_id, true AS is_admin,
    registration_dt AS admin_from, md5(registration_dt::VARCHAR)::UUID AS hashdiff, $load_dt::TIMESTAMP AS load_dt, 'yardstick' AS load_src
FROM groups;
CREATE TABLE s_dialog_info AS
SELECT md5('dialogs' || key_part(message_id::VARCHAR))::UUID AS hk_message_id, message_ts, message_from, message_to, message, message_group,
    md5(concat_ws('|', message_ts::VARCHAR, message_from::VARCHAR, message_to::VARCHAR, message, message_group::VARCHAR))::UUID AS hashdiff,
    $load_dt::TIMESTAMP AS load_dt, 'yardstick' AS load_src
FROM dialogs;
CREATE TABLE s_auth_history AS
SELECT DISTINCT
    md5('l_user_group_activity' || key_part(user_id::VARCHAR) || key_part(group_id::VARCHAR))::UUID AS hk_l_user_group_activity,
    user_id_from, event, event_dt,
    md5(concat_ws('|', user_id_from::VARCHAR, event, event_dt::VARCHAR))::UUID AS hashdiff,
    $load_dt::TIMESTAMP AS load_dt, 'yardstick' AS load_src
FROM group_log;

-- stage: answer
CREATE TABLE answer AS
WITH oldest AS (
    SELECT hk_group_id, group_name
    FROM s_group_name JOIN h_groups USING (hk_group_id)
    ORDER BY registration_dt, group_id LIMIT 10
), added AS (
    SELECT DISTINCT activity.hk_group_id, activity.hk_user_id
    FROM l_user_group_activity AS activity
    JOIN s_auth_history AS history USING (hk_l_user_group_activity)
    WHERE history.event = 'add' AND activity.hk_group_id IN (SELECT hk_group_id FROM oldest)
), writers AS (
    SELECT DISTINCT in_group.hk_group_id, author.hk_user_id
    FROM l_groups_dialogs AS in_group JOIN l_user_message AS author USING (hk_message_id)
    WHERE in_group.hk_group_id IN (SELECT hk_group_id FROM oldest)
)
SELECT
    oldest.hk_group_id, h_groups.group_id, oldest.group_name,
    (SELECT count(*) FROM added WHERE added.hk_group_id = oldest.hk_group_id) AS cnt_added_users,
    (SELECT count(*) FROM writers WHERE writers.hk_group_id = oldest.hk_group_id) AS cnt_users_in_group_with_messages,
    (SELECT count(*) FROM added JOIN writers USING (hk_group_id, hk_user_id) WHERE added.hk_group_id = oldest.hk_group_id)
        AS cnt_added_users_with_messages
FROM oldest JOIN h_groups USING (hk_group_id);
