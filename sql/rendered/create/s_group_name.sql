-- Satellite of h_groups: a row for each version that differs from the one before it.
-- Sorted and segmented as its parent is, so that their join needs neither sort nor network. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.s_group_name (
    hk_group_id UUID NOT NULL,
    group_name VARCHAR(200),
    registration_dt TIMESTAMP NOT NULL,
    hashdiff UUID NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_id INT NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    FOREIGN KEY (hk_group_id) REFERENCES dwh.h_groups (hk_group_id)
)
ORDER BY hk_group_id, load_dt
UNSEGMENTED ALL NODES
PARTITION BY load_dt::DATE GROUP BY CALENDAR_HIERARCHY_DAY(load_dt::DATE, 2, 2);
