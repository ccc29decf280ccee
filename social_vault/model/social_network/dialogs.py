"""dialogs.csv: one record a message.

Missing values: the message may be missing or empty, two different things; message_group is missing
in private messages. Everything else is required.
Messages older than the network itself (2004 to 2012) are accepted: the real file holds them.
Duplicates: the first record with a message_id that breaks no rule wins; later ones are refused.
Unknown references: senders, receivers and groups that no other file names are accepted, for hubs
are fed from every source that names a key; the report counts them.
"""

from social_vault.model.social_network.groups import H_GROUPS
from social_vault.model.social_network.users import H_USERS
from social_vault.model.table import Column, Table
from social_vault.model.vault import Hub, Link, Satellite

H_DIALOGS = Hub("h_dialogs", entity="dialogs", key="hk_message_id", business_key="message_id")

DIALOGS = Table(
    name="dialogs",
    version=1,
    columns=(
        Column("message_id", "integer", required=True, minimum=0, hub=H_DIALOGS),
        Column("message_ts", "timestamp", required=True),
        Column("message_from", "integer", required=True, minimum=0, hub=H_USERS),
        Column("message_to", "integer", required=True, minimum=0, hub=H_USERS),
        Column("message", "text", max_octets=8000),
        Column("message_group", "integer", minimum=0, hub=H_GROUPS),
    ),
    key=("message_id",),
    links=(
        Link("l_user_message", "hk_l_user_message", ("message_from", "message_id"), H_DIALOGS),
        Link("l_groups_dialogs", "hk_l_groups_dialogs", ("message_id", "message_group"), H_DIALOGS),
    ),
    satellites=(
        # Nobody edits a message: each state of it that a file brings is kept once.
        Satellite(
            "s_dialog_info",
            H_DIALOGS,
            ("message_ts", "message_from", "message_to", "message", "message_group"),
            is_event=True,
        ),
    ),
)
