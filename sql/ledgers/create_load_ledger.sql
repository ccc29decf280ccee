-- Ledger of loads: one row per object version, written in the transaction that wrote its data.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS {{ staging }}.load_ledger (
    load_id INT NOT NULL,
    source VARCHAR(40) NOT NULL,
    bucket VARCHAR(255) NOT NULL,
    object_key VARCHAR(4096) NOT NULL,
    object_version VARCHAR(1024) NOT NULL,
    table_name VARCHAR(128) NOT NULL,
    load_src VARCHAR(6000) NOT NULL,
    etag VARCHAR(1024) NOT NULL,
    size_bytes INT NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    last_modified TIMESTAMP NOT NULL,
    contract_version INT NOT NULL,
    status VARCHAR(20) NOT NULL,
    read_count INT NOT NULL,
    accepted_count INT NOT NULL,
    rejected_count INT NOT NULL,
    blank_count INT NOT NULL,
    staged_at TIMESTAMP NOT NULL,
    run_id VARCHAR(64),
    PRIMARY KEY (load_id) DISABLED,
    UNIQUE (source, bucket, object_key, object_version, last_modified, table_name) DISABLED
)
ORDER BY load_id
UNSEGMENTED ALL NODES
