"""Every declared table by name, and what follows from all of them together.

A module of a world's folder, as `social_network`, declares one table; being there is all it takes
to be found. A hub has no list of its sources: they are the columns that name it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType
from typing import TypeVar

from social_vault.model import food_delivery, social_network
from social_vault.model.table import Column, Staging, Table
from social_vault.model.vault import Hub, Link, Satellite

WORLDS = {"social_network": social_network, "food_delivery": food_delivery}
Described = Hub | Link | Satellite
Named = TypeVar("Named", Hub, Link, Satellite)

# What an extraction lands: …/sources/<source>/<table>/<number>.<ending>
CHAIN = re.compile(r"(?:.*/)?sources/(?P<source>[^/]+)/(?P<table>[^/]+)/\d{12}\.(?P<ending>\w+)")


@dataclass(frozen=True)
class Naming:
    """A column of a staging table that names a hub."""

    table: Staging
    column: Column


class Catalogue:
    """Tables, and the hubs, links and satellites that they feed, each kind in the order of names.

    The vault is loaded hubs first, then links, then satellites: none points to what comes later.
    """

    def __init__(self, tables: Iterable[Table]) -> None:
        # By name, not as found: a new module must not move the statements of the others.
        self.declared = listed = sorted(tables, key=lambda table: table.name)
        self.tables: Mapping[str, Table] = MappingProxyType({each.name: each for each in listed})
        self.parts = tuple(part for table in listed for part in table.parts)
        # Modules that name a hub import the one object; another of its name shows as a fault.
        hubs = dict.fromkeys(hub for part in self.parts for hub in part.hubs)
        self.hubs = _by_name(hubs)
        self.links = _by_name(link for part in self.parts for link in part.links)
        self.satellites = _led(each for part in self.parts for each in part.satellites)
        self._by_file = {table.file_name: table for table in listed if not table.source}
        self._part_of = {
            each.name: part for part in self.parts for each in part.links + part.satellites
        }
        self._table_of = {part.name: table for table in listed for part in table.parts}

    @property
    def vault(self) -> tuple[Described, ...]:
        """List all tables of the vault, in the order in which they are loaded."""
        return self.hubs + self.links + self.satellites

    @property
    def sources(self) -> tuple[str, ...]:
        """List the source systems whose chains feed a table, each once."""
        return tuple(dict.fromkeys(table.source for table in self.declared if table.source))

    def of_source(self, source: str) -> tuple[Table, ...]:
        """List the tables that a source system feeds; those fed by files, for an empty name."""
        return tuple(table for table in self.declared if table.source == source)

    def fed_by(self, tables: Iterable[str]) -> tuple[Described, ...]:
        """List the tables of the vault that some source tables feed, in the order of loading."""
        names = {
            each.name
            for table in (self.tables[name] for name in tables)
            for part in table.parts
            for each in part.hubs + part.links + part.satellites
        }
        return tuple(each for each in self.vault if each.name in names)

    def namings(self, hub: Hub) -> tuple[Naming, ...]:
        """List the columns that name a hub."""
        return tuple(Naming(part, column) for part in self.parts for column in part.naming(hub))

    def source(self, described: Link | Satellite) -> Staging:
        """Find the staging table that declares a link or a satellite."""
        return self._part_of[described.name]

    def table_filling(self, part: Staging) -> Table:
        """Find the source table that fills a staging table."""
        return self._table_of[part.name]

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
        """Find the table that an object feeds: by the folders of a chain, or by its file's name."""
        chained = CHAIN.fullmatch(key)
        if chained is None:
            return self._by_file.get(key.rsplit("/", 1)[-1])
        table = self.tables.get(chained["table"])
        is_its = table is not None and (table.source, table.extension) == chained.group(
            "source", "ending"
        )
        return table if is_its else None

    def feeds(self, key: str) -> Table:
        """Find the table that an object feeds; raise KeyError for one that feeds none."""
        table = self.table_of(key)
        if table is None:
            raise KeyError(key)
        return table

    @property
    def file_names(self) -> tuple[str, ...]:
        """List the names of files that feed a table."""
        return tuple(self._by_file)


def _by_name(described: Iterable[Named]) -> tuple[Named, ...]:
    return tuple(sorted(described, key=lambda each: each.name))


def _led(satellites: Iterable[Satellite]) -> tuple[Satellite, ...]:
    """Put satellites in the order of names, those that follow another behind all that lead."""
    return tuple(sorted(satellites, key=lambda each: (each.follows is not None, each.name)))


@cache
def catalogue() -> Catalogue:
    """Gather what is declared, once a process: modules do not change while it runs."""
    return Catalogue(table for world in worlds().values() for table in world.declared)


@cache
def worlds() -> Mapping[str, Catalogue]:
    """Gather what each world declares, by its name: no two of them share a hub."""
    return {name: Catalogue(declared(package)) for name, package in WORLDS.items()}


def of_worlds(names: Iterable[str]) -> Catalogue:
    """Gather what some worlds declare; raise KeyError for one that there is not."""
    chosen = [worlds()[name] for name in dict.fromkeys(names)]
    return Catalogue(table for world in chosen for table in world.declared)


def declared_world(name: str) -> str:
    """Let the name of a world pass; raise ValueError, with those there are, for others."""
    if name not in WORLDS:
        raise ValueError(f"{name!r} is no world: expected one of {', '.join(WORLDS)}")
    return name


def declared_table(name: str) -> str:
    """Let the name of a declared table pass; raise ValueError, with those there are, for others."""
    if name not in catalogue().tables:
        raise ValueError(f"{name!r} is no table: expected one of {', '.join(catalogue().tables)}")
    return name


def declared(world: ModuleType) -> Iterator[Table]:
    """Yield the table of every module of a world's folder."""
    for module in iter_modules(world.__path__, f"{world.__name__}."):
        found = import_module(module.name)
        yield from (value for value in vars(found).values() if isinstance(value, Table))
