-- How many records of a load break each rule: a record that breaks two counts for both.
SELECT
    rejected.reasons,
    COUNT(*) AS records
FROM {{ staging }}.{{ table }}_rej AS rejected
WHERE rejected.load_id = :load_id
GROUP BY rejected.reasons
