-- Hub of {{ hub.entity }}: hash key and business key, nothing else.
{% if hub.is_small %}
-- So small that every node holds it all: joins to it need no network.
{% endif %}
-- Writes the catalog. Safe to repeat.
{% from "patterns/types.sql" import sql_type with context %}
CREATE TABLE IF NOT EXISTS {{ vault }}.{{ hub.name }} (
    {{ hub.key }} UUID NOT NULL,
    {{ hub.business_key }} {{ sql_type(hub.kind, hub.max_octets) }} NOT NULL,
    load_dt TIMESTAMP NOT NULL ENCODING BLOCK_DICT,
    load_src VARCHAR(6000) NOT NULL,
    PRIMARY KEY ({{ hub.key }}) DISABLED
)
ORDER BY {{ hub.key }}
{% if hub.is_small %}
UNSEGMENTED ALL NODES
{% else %}
SEGMENTED BY HASH({{ hub.key }}) ALL NODES
{% endif %}
