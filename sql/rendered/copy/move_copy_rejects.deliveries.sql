-- Keep what COPY refused of the accepted records: contract and table disagree there, and no record may be lost.
-- Reads the temporary reject table of this session, writes the durable one. Part of the load's transaction.
INSERT INTO staging.deliveries_rej (
    load_id, rejected_at, contract_version, status, stage, record_no, raw_record, raw_encoding, raw_octets, reasons
)
SELECT
    :load_id,
    CAST(:staged_at AS TIMESTAMP),
    :contract_version,
    'open',
    'copy',
    SPLIT_PART(refused.rejected_data::VARCHAR(40), E'\037', 1)::INT,
    refused.rejected_data,
    'copy',
    refused.rejected_data_orig_length,
    'copy: ' || SUBSTR(refused.rejected_reason, 1, 400)
FROM copy_rejects_1 AS refused;
