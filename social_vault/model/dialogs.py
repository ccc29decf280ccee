"""The contract of dialogs.csv: one record a message.

Missing values: the message may be missing or empty, two different things; message_group is missing
in private messages. Everything else is required.
Messages older than the network itself (2004 to 2012) are accepted: the real file holds them.
Duplicates: the first record with a message_id that breaks no rule wins; later ones are refused.
Unknown references: senders, receivers and groups that no other file names are accepted, for hubs
are fed from every source that names a key; the report counts them.
"""

from social_vault.model.contract import Column, Contract

DIALOGS = Contract(
    table="dialogs",
    version=1,
    columns=(
        Column("message_id", "message_id", "integer", required=True, minimum=0),
        Column("message_ts", "message_ts", "timestamp", required=True),
        Column("message_from", "message_from", "integer", required=True, minimum=0),
        Column("message_to", "message_to", "integer", required=True, minimum=0),
        Column("message", "message", "text", max_octets=8000),
        Column("message_group", "message_group", "integer", minimum=0),
    ),
    key=("message_id",),
)
