"""Every declared table by name, and what follows from all of them together.

A module of a world's folder, as `social_network`, declares one table; being there is all it takes
to be found. A hub has no list of its sources: they are the columns that name it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import TypeVar

from social_vault.model import social_network
from social_vault.model.table import Column, Table
from social_vault.model.vault import Hub, Link, Satellite

Described = Hub | Link | Satellite
Named = TypeVar("Named", Hub, Link, Satellite)


@dataclass(frozen=True)
class Source:
    """A column of a source table that names a hub."""

    table: Table
    column: Column


class Catalogue:
    """Tables, and the hubs, links and satellites that they feed, each kind in the order of names.

    The vault is loaded hubs first, then links, then satellites: none points to what comes later.
    """

    def __init__(self, tables: Iterable[Table]) -> None:
        # By name, not as found: a new module must not move the statements of the others.
        self.declared = listed = sorted(tables, key=lambda table: table.name)
        self.tables: Mapping[str, Table] = MappingProxyType({each.name: each for each in listed})
        # Modules that name a hub import the one object; another of its name shows as a fault.
        hubs = dict.fromkeys(hub for table in listed for hub in table.hubs)
        self.hubs = _by_name(hubs)
        self.links = _by_name(link for table in listed for link in table.links)
        self.satellites = _by_name(each for table in listed for each in table.satellites)
        self._by_file = {table.file_name: table for table in listed}
        self._source_of = {
            each.name: table for table in listed for each in table.links + table.satellites
        }

    @property
    def vault(self) -> tuple[Described, ...]:
        """List all tables of the vault, in the order in which they are loaded."""
        return self.hubs + self.links + self.satellites

    def fed_by(self, tables: Iterable[str]) -> tuple[Described, ...]:
        """List the tables of the vault that some source tables feed, in the order of loading."""
        names = {
            each.name
            for table in (self.tables[name] for name in tables)
            for each in table.hubs + table.links + table.satellites
        }
        return tuple(each for each in self.vault if each.name in names)

    def sources(self, hub: Hub) -> tuple[Source, ...]:
        """List the columns that name a hub."""
        return tuple(
            Source(table, column) for table in self.tables.values() for column in table.naming(hub)
        )

    def source(self, described: Link | Satellite) -> Table:
        """Find the source table that declares a link or a satellite."""
        return self._source_of[described.name]

    def ends(self, link: Link) -> tuple[tuple[Hub, Column], ...]:
        """Pair the hubs that a link joins with the staging columns that hold their keys."""
        columns = [self.source(link).column(name) for name in link.ends]
        return tuple((column.hub, column) for column in columns if column.hub)

    def parent_columns(self, satellite: Satellite) -> tuple[Column, ...]:
        """List the staging columns whose values make the hash key of a satellite's parent."""
        if isinstance(satellite.parent, Link):
            return tuple(column for _, column in self.ends(satellite.parent))
        # A table that names the hub twice could mean either; the checks refuse it.
        return self.source(satellite).naming(satellite.parent)[:1]

    def table_of(self, key: str) -> Table | None:
        """Find the table that an object feeds, by the last segment of its key, case and all."""
        return self._by_file.get(key.rsplit("/", 1)[-1])

    def feeds(self, key: str) -> Table:
        """Find the table that an object feeds; raise KeyError for one that feeds none."""
        return self._by_file[key.rsplit("/", 1)[-1]]

    @property
    def file_names(self) -> tuple[str, ...]:
        """List the names of files that feed a table."""
        return tuple(self._by_file)


def _by_name(described: Iterable[Named]) -> tuple[Named, ...]:
    return tuple(sorted(described, key=lambda each: each.name))


@cache
def catalogue() -> Catalogue:
    """Gather what is declared, once a process: modules do not change while it runs."""
    return Catalogue(declared())


def declared_table(name: str) -> str:
    """Let the name of a declared table pass; raise ValueError, with those there are, for others."""
    if name not in catalogue().tables:
        raise ValueError(f"{name!r} is no table: expected one of {', '.join(catalogue().tables)}")
    return name


def declared() -> Iterator[Table]:
    """Yield the table of every module of the social network's folder."""
    for module in iter_modules(social_network.__path__, f"{social_network.__name__}."):
        found = import_module(module.name)
        yield from (value for value in vars(found).values() if isinstance(value, Table))
