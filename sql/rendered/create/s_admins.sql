-- Satellite of l_admins: a row for each version that differs from the one before it.
-- Sorted and segmented as its parent is, so that their join needs neither sort nor network. Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.s_admins (
    hk_l_admin_id UUID NOT NULL,
    is_admin BOOLEAN DEFAULT TRUE NOT NULL,
    admin_from TIMESTAMP NOT NULL,
    hashdiff UUID NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_id INT NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    FOREIGN KEY (hk_l_admin_id) REFERENCES dwh.l_admins (hk_l_admin_id)
)
ORDER BY hk_l_admin_id, load_dt
SEGMENTED BY HASH(hk_l_admin_id) ALL NODES
PARTITION BY load_dt::DATE GROUP BY CALENDAR_HIERARCHY_DAY(load_dt::DATE, 2, 2);
