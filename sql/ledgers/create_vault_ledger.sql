-- Ledger of the vault: which load went in with which batch; a load without a row here is pending.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS {{ vault }}.vault_ledger (
    load_id INT NOT NULL,
    batch_id INT NOT NULL,
    load_dt TIMESTAMP NOT NULL,
    run_id VARCHAR(64),
    PRIMARY KEY (load_id) DISABLED
)
ORDER BY batch_id, load_id
UNSEGMENTED ALL NODES
