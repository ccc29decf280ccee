"""What each source file must be: one module a table, found by the table's name."""

from collections.abc import Mapping
from types import MappingProxyType

from social_vault.model.contract import Contract
from social_vault.model.dialogs import DIALOGS
from social_vault.model.group_log import GROUP_LOG
from social_vault.model.groups import GROUPS
from social_vault.model.users import USERS

CONTRACTS: Mapping[str, Contract] = MappingProxyType(
    {contract.table: contract for contract in (USERS, GROUPS, DIALOGS, GROUP_LOG)}
)
