-- View of the orders that the order system holds, as their latest versions say; those it deleted are left out.
CREATE OR REPLACE VIEW dwh.current_orders AS
SELECT
    hub.hk_order_id,
    hub.order_id,
    placed.hk_restaurant_id,
    placed.hk_order_user_id,
    latest.order_dt,
    latest.cost,
    latest.payment,
    latest.bonus_payment,
    latest.bonus_grant,
    latest.final_status,
    latest.update_ts
FROM (
    SELECT
        versions.hk_order_id,
        versions.order_dt,
        versions.cost,
        versions.payment,
        versions.bonus_payment,
        versions.bonus_grant,
        versions.final_status,
        versions.update_ts,
        ROW_NUMBER() OVER (
            PARTITION BY versions.hk_order_id ORDER BY versions.load_dt DESC, versions.load_id DESC, versions.record_no DESC
        ) AS version_rank
    FROM dwh.s_order_info AS versions
) AS latest
INNER JOIN dwh.h_orders AS hub ON hub.hk_order_id = latest.hk_order_id
INNER JOIN dwh.l_orders AS placed ON placed.hk_order_id = latest.hk_order_id
LEFT JOIN (
    SELECT
        states.hk_order_id,
        states.is_deleted,
        ROW_NUMBER() OVER (
            PARTITION BY states.hk_order_id ORDER BY states.load_dt DESC, states.load_id DESC, states.record_no DESC
        ) AS version_rank
    FROM dwh.s_order_presence AS states
) AS presence ON presence.hk_order_id = latest.hk_order_id AND presence.version_rank = 1
WHERE latest.version_rank = 1
  AND (presence.is_deleted IS NULL OR NOT presence.is_deleted);
