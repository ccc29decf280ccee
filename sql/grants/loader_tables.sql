-- Let the loader read what is there and add to it: staging, rejects, ledgers, hubs, links and satellites.
-- It never changes or deletes a row. Writes the catalog. Safe to repeat.
GRANT SELECT, INSERT ON
    {{ staging }}.users,
    {{ staging }}.users_rej,
    {{ staging }}.groups,
    {{ staging }}.groups_rej,
    {{ staging }}.dialogs,
    {{ staging }}.dialogs_rej,
    {{ staging }}.group_log,
    {{ staging }}.group_log_rej,
    {{ staging }}.load_ledger,
    {{ vault }}.vault_ledger,
    {{ vault }}.h_users,
    {{ vault }}.h_groups,
    {{ vault }}.h_dialogs,
    {{ vault }}.l_user_message,
    {{ vault }}.l_admins,
    {{ vault }}.l_groups_dialogs,
    {{ vault }}.l_user_group_activity,
    {{ vault }}.s_admins,
    {{ vault }}.s_user_chatinfo,
    {{ vault }}.s_user_socdem,
    {{ vault }}.s_group_name,
    {{ vault }}.s_group_private_status,
    {{ vault }}.s_dialog_info,
    {{ vault }}.s_auth_history
TO {{ loader }}
