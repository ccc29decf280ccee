-- How many records of some loads break each rule: a record that breaks two counts for both.
-- The words of COPY about a record hold its values, so its refusals are counted under one name.
SELECT
    rejected.load_id,
    rejected.reasons,
    COUNT(*) AS records
FROM (
    SELECT
        every_row.load_id,
        CASE WHEN every_row.stage = 'copy' THEN 'copy: refused by the table' ELSE every_row.reasons END AS reasons
    FROM staging.couriers_rej AS every_row
    WHERE every_row.load_id IN (:load_ids)
) AS rejected
GROUP BY rejected.load_id, rejected.reasons;
