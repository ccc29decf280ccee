-- View of the deliveries as their latest versions say, with who carried which order; order_sum is the courier system's own.
CREATE OR REPLACE VIEW dwh.current_deliveries AS
SELECT
    hub.hk_delivery_id,
    hub.delivery_id,
    carried.hk_order_id,
    carried.hk_courier_id,
    latest.order_ts,
    latest.delivery_ts,
    latest.rate,
    latest.order_sum,
    latest.tip_sum
FROM (
    SELECT
        versions.hk_delivery_id,
        versions.order_ts,
        versions.delivery_ts,
        versions.rate,
        versions.order_sum,
        versions.tip_sum,
        ROW_NUMBER() OVER (
            PARTITION BY versions.hk_delivery_id ORDER BY versions.load_dt DESC, versions.load_id DESC, versions.record_no DESC
        ) AS version_rank
    FROM dwh.s_delivery_info AS versions
) AS latest
INNER JOIN dwh.h_deliveries AS hub ON hub.hk_delivery_id = latest.hk_delivery_id
INNER JOIN dwh.l_deliveries AS carried ON carried.hk_delivery_id = latest.hk_delivery_id
WHERE latest.version_rank = 1;
