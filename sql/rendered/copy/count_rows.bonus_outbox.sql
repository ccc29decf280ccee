-- How many rows of a load stand in each staging table that it fills, and how many records in its reject table.
SELECT
    (SELECT COUNT(*) FROM staging.bonus_user_ranks AS accepted WHERE accepted.load_id = :load_id) AS bonus_user_ranks_count,
    (SELECT COUNT(*) FROM staging.bonus_user_balances AS accepted WHERE accepted.load_id = :load_id) AS bonus_user_balances_count,
    (SELECT COUNT(*) FROM staging.bonus_transactions AS accepted WHERE accepted.load_id = :load_id) AS bonus_transactions_count,
    (SELECT COUNT(*) FROM staging.bonus_payments AS accepted WHERE accepted.load_id = :load_id) AS bonus_payments_count,
    (SELECT COUNT(*) FROM staging.bonus_outbox_rej AS rejected WHERE rejected.load_id = :load_id) AS rejected_count;
