-- Let the loader take the locks that keep two runs apart: Vertica gives LOCK TABLE … IN EXCLUSIVE MODE
-- only to who has UPDATE and DELETE. Writes the catalog. Safe to repeat.
GRANT UPDATE, DELETE ON
    staging.bonus_user_ranks,
    staging.bonus_user_balances,
    staging.bonus_transactions,
    staging.bonus_payments,
    staging.bonus_ranks,
    staging.bonus_users,
    staging.courier_restaurants,
    staging.couriers,
    staging.deliveries,
    staging.dialogs,
    staging.group_log,
    staging.groups,
    staging.order_users,
    staging.order_user_changes,
    staging.orders,
    staging.order_items,
    staging.order_statuses,
    staging.order_changes,
    staging.restaurants,
    staging.menu_items,
    staging.restaurant_changes,
    staging.users,
    dwh.vault_ledger
TO social_vault_loader;
