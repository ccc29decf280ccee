-- View of groups as their latest versions say, with their rank by age; ties go by group id.
CREATE OR REPLACE VIEW dwh.current_groups AS
SELECT
    hub.hk_group_id,
    hub.group_id,
    latest.group_name,
    latest.registration_dt,
    ROW_NUMBER() OVER (ORDER BY latest.registration_dt, hub.group_id) AS age_rank
FROM dwh.h_groups AS hub
INNER JOIN (
    SELECT
        versions.hk_group_id,
        versions.group_name,
        versions.registration_dt,
        ROW_NUMBER() OVER (PARTITION BY versions.hk_group_id ORDER BY versions.load_dt DESC, versions.load_id DESC) AS version_rank
    FROM dwh.s_group_name AS versions
) AS latest ON latest.hk_group_id = hub.hk_group_id AND latest.version_rank = 1;
