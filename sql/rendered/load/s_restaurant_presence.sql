-- Satellite s_restaurant_presence: insert where a key of h_restaurants came or went, compared as versions are.
-- A row that names the key says that it is there, or that it was deleted; a whole read that does not name it says that it is gone,
-- unless a record of the read was refused. Known are the keys that stand here and those that earlier loads of the batch named.
-- Reads the batch's rows of restaurant_changes. Run once for a batch, as the vault ledger sees to.
INSERT INTO dwh.s_restaurant_presence (hk_restaurant_id, is_deleted, source_at, hashdiff, load_dt, load_id, record_no, load_src)
SELECT
    versions.hk_restaurant_id,
    versions.is_deleted,
    versions.source_at,
    versions.hashdiff,
    CAST(:load_dt AS TIMESTAMP),
    versions.load_id,
    versions.record_no,
    loads.load_src
FROM (
    SELECT
        observed.hk_restaurant_id,
        observed.is_deleted,
        observed.source_at,
        observed.hashdiff,
        observed.load_id,
        observed.record_no,
        LAG(observed.hashdiff) OVER (PARTITION BY observed.hk_restaurant_id ORDER BY observed.load_id, observed.record_no) AS earlier_hashdiff
    FROM (
        SELECT
            staged.hk_restaurant_id,
            staged.is_deleted,
            staged.source_at,
            MD5(COALESCE(CASE WHEN staged.is_deleted THEN ';1' WHEN NOT staged.is_deleted THEN ';0' END, ';~'))::UUID AS hashdiff,
            staged.load_id,
            staged.record_no
        FROM (
            SELECT
                MD5('restaurants;' || staged.restaurant_id::VARCHAR)::UUID AS hk_restaurant_id,
                staged.op = 'delete' AS is_deleted,
                staged.source_at,
                staged.load_id,
                staged.record_no
            FROM staging.restaurant_changes AS staged
            WHERE staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
              AND staged.restaurant_id IS NOT NULL
            UNION ALL
            SELECT
                known.hk_restaurant_id,
                TRUE AS is_deleted,
                whole_reads.source_at,
                whole_reads.load_id,
                whole_reads.record_no
            FROM (
                SELECT
                    every_key.hk_restaurant_id,
                    MIN(every_key.load_id) AS load_id
                FROM (
                    SELECT
                        MD5('restaurants;' || staged.restaurant_id::VARCHAR)::UUID AS hk_restaurant_id,
                        staged.load_id
                    FROM staging.restaurant_changes AS staged
                    WHERE staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
                      AND staged.restaurant_id IS NOT NULL
                    UNION ALL
                    SELECT
                        stored.hk_restaurant_id,
                        stored.load_id
                    FROM dwh.s_restaurant_presence AS stored
                ) AS every_key
                GROUP BY every_key.hk_restaurant_id
            ) AS known
            INNER JOIN (
                SELECT
                    markers.load_id,
                    MIN(markers.record_no) AS record_no,
                    MIN(markers.source_at) AS source_at
                FROM staging.restaurant_changes AS markers
                INNER JOIN staging.load_ledger AS loads ON loads.load_id = markers.load_id
                WHERE markers.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
                  AND markers.op = 'begin'
                  AND loads.rejected_count = 0
                GROUP BY markers.load_id
            ) AS whole_reads ON known.load_id < whole_reads.load_id
            LEFT JOIN (
                SELECT DISTINCT
                    MD5('restaurants;' || staged.restaurant_id::VARCHAR)::UUID AS hk_restaurant_id,
                    staged.load_id
                FROM staging.restaurant_changes AS staged
                WHERE staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id)
                  AND staged.restaurant_id IS NOT NULL
            ) AS named ON named.load_id = whole_reads.load_id AND named.hk_restaurant_id = known.hk_restaurant_id
            WHERE named.load_id IS NULL
        ) AS staged
    ) AS observed
) AS versions
INNER JOIN staging.load_ledger AS loads ON loads.load_id = versions.load_id
LEFT JOIN (
    SELECT
        stored.hk_restaurant_id,
        stored.hashdiff,
        ROW_NUMBER() OVER (
            PARTITION BY stored.hk_restaurant_id ORDER BY stored.load_dt DESC, stored.load_id DESC, stored.record_no DESC
        ) AS age
    FROM dwh.s_restaurant_presence AS stored
) AS latest ON latest.hk_restaurant_id = versions.hk_restaurant_id AND latest.age = 1
WHERE COALESCE(versions.earlier_hashdiff, latest.hashdiff) IS NULL
   OR COALESCE(versions.earlier_hashdiff, latest.hashdiff) <> versions.hashdiff;
