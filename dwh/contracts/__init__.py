"""What each source file must be: one module a table, found by the table's name."""

from collections.abc import Mapping
from types import MappingProxyType

from dwh.contract import Contract
from dwh.contracts.dialogs import DIALOGS
from dwh.contracts.group_log import GROUP_LOG
from dwh.contracts.groups import GROUPS
from dwh.contracts.users import USERS

CONTRACTS: Mapping[str, Contract] = MappingProxyType(
    {contract.table: contract for contract in (USERS, GROUPS, DIALOGS, GROUP_LOG)}
)
