-- Satellite of groups: the name, and since when the group is registered.
-- Sorted and on every node as its parent is, so that their join needs neither sort nor network. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS {{ vault }}.s_group_name (
    hk_group_id UUID NOT NULL,
    group_name VARCHAR(200),
    registration_dt TIMESTAMP NOT NULL,
    hashdiff UUID NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_id INT NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    FOREIGN KEY (hk_group_id) REFERENCES {{ vault }}.h_groups (hk_group_id)
)
ORDER BY hk_group_id, load_dt
UNSEGMENTED ALL NODES
PARTITION BY load_dt::DATE GROUP BY CALENDAR_HIERARCHY_DAY(load_dt::DATE, 2, 2)
