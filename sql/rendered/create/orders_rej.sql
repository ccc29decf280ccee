-- Rejects of orders: each refused record once, with its raw text and all its reasons, from every stage:
-- file, record, contract, copy. record_no counts the records after the header, line_no the lines, byte_offset the octets.
-- Writes the catalog. Safe to repeat.
CREATE TABLE IF NOT EXISTS staging.orders_rej (
    load_id INT NOT NULL ENCODING RLE,
    rejected_at TIMESTAMP NOT NULL ENCODING RLE,
    contract_version INT NOT NULL ENCODING RLE,
    status VARCHAR(20) DEFAULT 'open' NOT NULL ENCODING RLE,
    stage VARCHAR(10) NOT NULL ENCODING RLE,
    record_no INT NOT NULL,
    line_no INT,
    byte_offset INT,
    raw_record LONG VARCHAR(4200000),
    raw_encoding VARCHAR(10) NOT NULL,
    raw_octets INT NOT NULL,
    reasons VARCHAR(2000) NOT NULL
)
ORDER BY load_id, record_no
SEGMENTED BY HASH(load_id, record_no) ALL NODES
PARTITION BY rejected_at::DATE GROUP BY CALENDAR_HIERARCHY_DAY(rejected_at::DATE, 2, 2);
