-- How many records the session's COPY into a temporary reject table refused.
SELECT COUNT(*) FROM copy_rejects_1 AS refused;
