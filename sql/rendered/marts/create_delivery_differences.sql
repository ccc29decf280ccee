-- View of the deliveries that do not go together with the orders: another sum than the order's cost, an order that is not
-- there, be it unknown or deleted, or one of several deliveries of an order. A delivery may differ in more than one way.
CREATE OR REPLACE VIEW dwh.delivery_differences AS
SELECT
    compared.delivery_id,
    compared.order_id,
    compared.order_ts,
    compared.delivery_sum,
    compared.order_cost,
    compared.deliveries_count,
    CASE WHEN compared.delivery_sum <> compared.order_cost THEN 1 ELSE 0 END AS has_other_sum,
    CASE WHEN compared.order_cost IS NULL THEN 1 ELSE 0 END AS has_no_order,
    CASE WHEN compared.deliveries_count > 1 THEN 1 ELSE 0 END AS is_of_several
FROM (
    SELECT
        deliveries.delivery_id,
        hub.order_id,
        deliveries.order_ts,
        deliveries.order_sum AS delivery_sum,
        orders.cost AS order_cost,
        COUNT(*) OVER (PARTITION BY deliveries.hk_order_id) AS deliveries_count
    FROM dwh.current_deliveries AS deliveries
    INNER JOIN dwh.h_orders AS hub ON hub.hk_order_id = deliveries.hk_order_id
    LEFT JOIN dwh.current_orders AS orders ON orders.hk_order_id = deliveries.hk_order_id
) AS compared
WHERE compared.order_cost IS NULL
   OR compared.delivery_sum <> compared.order_cost
   OR compared.deliveries_count > 1;
