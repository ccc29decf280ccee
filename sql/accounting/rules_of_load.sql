-- How many records of a load break each rule: a record that breaks two counts for both.
-- The words of COPY about a record hold its values, so its refusals are counted under one name.
SELECT
    rejected.reasons,
    COUNT(*) AS records
FROM (
    SELECT CASE WHEN every_row.stage = 'copy' THEN 'copy: refused by the table' ELSE every_row.reasons END AS reasons
    FROM {{ staging }}.{{ table }}_rej AS every_row
    WHERE every_row.load_id = :load_id
) AS rejected
GROUP BY rejected.reasons
