-- Let the loader read what is there and add to it: staging, rejects, ledgers, hubs, links and satellites.
-- It never changes or deletes a row. Writes the catalog. Safe to repeat.
GRANT SELECT, INSERT ON
    staging.dialogs,
    staging.dialogs_rej,
    staging.group_log,
    staging.group_log_rej,
    staging.groups,
    staging.groups_rej,
    staging.users,
    staging.users_rej,
    staging.load_ledger,
    dwh.h_dialogs,
    dwh.h_groups,
    dwh.h_users,
    dwh.l_admins,
    dwh.l_groups_dialogs,
    dwh.l_user_group_activity,
    dwh.l_user_message,
    dwh.s_admins,
    dwh.s_auth_history,
    dwh.s_dialog_info,
    dwh.s_group_name,
    dwh.s_group_private_status,
    dwh.s_user_chatinfo,
    dwh.s_user_socdem,
    dwh.vault_ledger
TO social_vault_loader;
