-- Hub of ranks: hash key and business key, nothing else.
-- So small that every node holds it all: joins to it need no network.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS dwh.h_ranks (
    hk_rank_id UUID NOT NULL,
    rank_id INT NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    PRIMARY KEY (hk_rank_id) DISABLED
)
ORDER BY hk_rank_id
UNSEGMENTED ALL NODES;
