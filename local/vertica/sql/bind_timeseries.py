"""TIMESERIES: refused until gap filling is done as Vertica documents it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.vertica.sql import nodes as n
from local.vertica.sql.blocks import Block
from local.vertica.sql.refusals import unsupported

if TYPE_CHECKING:
    from local.vertica.sql.bind_select import Parts


def enter(_clause: n.TimeSeries, _block: Block, _parts: Parts) -> None:
    """Refuse the clause."""
    raise unsupported("TIMESERIES")
