"""The catalogue: held in memory, written in the transaction that changes the objects."""

import dataclasses
import itertools
import json
import types
import typing
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any

import duckdb

from local_vertica.catalog.model import (
    DEFAULT_PROFILE,
    GENERAL,
    PREDEFINED_ROLES,
    Authentication,
    CatalogObject,
    Certificate,
    Column,
    Constraint,
    Function,
    Grant,
    Key,
    Profile,
    Projection,
    ResourcePool,
    Schema,
    Sequence,
    Table,
    TlsConfiguration,
    User,
    View,
)
from local_vertica.errors import VerticaError
from local_vertica.types import parse_type

KINDS: Mapping[str, type[Any]] = {
    "schema": Schema,
    "table": Table,
    "view": View,
    "projection": Projection,
    "sequence": Sequence,
    "function": Function,
    "user": User,
    "grant": Grant,
    "authentication": Authentication,
    "key": Key,
    "certificate": Certificate,
    "tls": TlsConfiguration,
    "pool": ResourcePool,
    "profile": Profile,
}
NAMED = (
    "schemas", "relations", "projections", "functions", "users", "roles", "grants",
    "authentications", "keys", "certificates", "tls", "pools", "profiles", "settings",
)  # fmt: skip
NAMED_ALONE: Mapping[type[Any], str] = {
    Schema: "schemas",
    Authentication: "authentications",
    Key: "keys",
    Certificate: "certificates",
    TlsConfiguration: "tls",
    ResourcePool: "pools",
    Profile: "profiles",
}
# What was worked out for one version holds for no other, in whatever database it is.
VERSIONS = itertools.count(1)
FIRST_OID = 45035996273704960
BOOTSTRAP = (
    "CREATE SCHEMA IF NOT EXISTS _v",
    "CREATE TABLE IF NOT EXISTS _v.objects (oid BIGINT, kind VARCHAR, doc VARCHAR)",
    "CREATE TABLE IF NOT EXISTS _v.settings (name VARCHAR, setting VARCHAR)",
)

Relation = Table | View | Sequence


FunctionKey = tuple[str, str, tuple[str, ...]]


def function_key(schema: str, name: str, types: Iterable[str]) -> FunctionKey:
    """Return what a function is looked up by: lengths of its arguments make no difference."""
    return schema.lower(), name.lower(), tuple(parse_type(each).name for each in types)


def key_of(schema: str, name: str) -> tuple[str, str]:
    """Return what a name is looked up by: identifiers differ in no case."""
    return schema.lower(), name.lower()


class Catalog:
    """Every object of the database by name; a copy is changed, then takes its place."""

    def __init__(self) -> None:
        self.version = next(VERSIONS)
        self.next_oid = FIRST_OID
        self.schemas: dict[str, Schema] = {}
        self.relations: dict[tuple[str, str], Relation] = {}
        self.projections: dict[tuple[str, str], Projection] = {}
        self.functions: dict[FunctionKey, Function] = {}
        self.users: dict[str, User] = {}
        self.roles: dict[str, User] = {role.name: role for role in PREDEFINED_ROLES}
        self.grants: dict[int, Grant] = {}
        self.authentications: dict[str, Authentication] = {}
        self.keys: dict[str, Key] = {}
        self.certificates: dict[str, Certificate] = {}
        self.tls: dict[str, TlsConfiguration] = {}
        self.pools: dict[str, ResourcePool] = {GENERAL.name: GENERAL}
        self.profiles: dict[str, Profile] = {DEFAULT_PROFILE.name: DEFAULT_PROFILE}
        self.settings: dict[str, str] = {}

    def draft(self) -> "Draft":
        """Return a copy that records what is changed."""
        draft = Draft()
        draft.version = self.version
        draft.next_oid = self.next_oid
        for name in NAMED:
            setattr(draft, name, dict(getattr(self, name)))
        return draft

    def objects(self) -> Iterator[CatalogObject]:
        """Go through every object."""
        for name in NAMED:
            if name != "settings":
                yield from getattr(self, name).values()

    def tables(self) -> list[Table]:
        """Return the tables, by schema and name."""
        return [r for _, r in sorted(self.relations.items()) if isinstance(r, Table)]

    def views(self) -> list[View]:
        """Return the views, by schema and name."""
        return [r for _, r in sorted(self.relations.items()) if isinstance(r, View)]

    def sequences(self) -> list[Sequence]:
        """Return the sequences, by schema and name."""
        return [r for _, r in sorted(self.relations.items()) if isinstance(r, Sequence)]

    def functions_of(self, schema: str, name: str = "") -> list[Function]:
        """Return the functions of a schema, or those of one name in it."""
        return [
            function
            for (of, called, _), function in self.functions.items()
            if of == schema.lower() and name.lower() in ("", called)
        ]

    def people(self, item: User) -> dict[str, User]:
        """Return where a user or role belongs: user and role dbadmin are two."""
        return self.roles if item.is_role else self.users

    def grantee(self, name: str) -> User:
        """Return the user or role to whom rights are given, or refuse."""
        found = self.users.get(name.lower()) or self.roles.get(name.lower())
        if found is None:
            raise VerticaError("42704", f'User or role "{name}" does not exist', 5227)
        return found

    def put(self, item: CatalogObject) -> None:
        """Enter an object, in place of the one of the same name."""
        shelf, key = self._place(item)
        shelf[key] = item
        self.next_oid = max(self.next_oid, item.oid + 1)

    def remove(self, item: CatalogObject) -> None:
        """Take an object out."""
        shelf, key = self._place(item)
        del shelf[key]

    def _place(self, item: CatalogObject) -> tuple[dict[Any, Any], Hashable]:
        """Return where objects of its kind are, and what it is looked up by."""
        match item:
            case Table() | View() | Sequence():
                return self.relations, key_of(item.schema, item.name)
            case Projection():
                return self.projections, key_of(item.schema, item.name)
            case Function():
                types = (vtype for _, vtype in item.arguments)
                return self.functions, function_key(item.schema, item.name, types)
            case User():
                return self.people(item), item.name.lower()
            case Grant():
                return self.grants, item.oid
            case _:
                return getattr(self, NAMED_ALONE[type(item)]), item.name.lower()

    def require_schema(self, name: str) -> Schema:
        """Return the schema of that name, or refuse."""
        found = self.schemas.get(name.lower())
        if found is None:
            raise VerticaError("3F000", f'Schema "{name}" does not exist', 4650)
        return found


class Draft(Catalog):
    """A catalogue being changed; it knows what must be written."""

    def __init__(self) -> None:
        super().__init__()
        self.removed: list[int] = []
        self.added: dict[int, CatalogObject] = {}
        self.new_settings: dict[str, str | None] = {}

    def new_oid(self) -> int:
        """Return an object identifier nobody has."""
        self.next_oid += 2
        return self.next_oid

    def put(self, item: CatalogObject) -> None:
        """Enter an object and remember to write it."""
        super().put(item)
        self.version = next(VERSIONS)
        self.added[item.oid] = item

    def remove(self, item: CatalogObject) -> None:
        """Take an object out and remember to delete it."""
        super().remove(item)
        self.version = next(VERSIONS)
        self.added.pop(item.oid, None)
        self.removed.append(item.oid)

    def configure(self, name: str, setting: str | None) -> None:
        """Set a configuration parameter, or clear it."""
        self.new_settings[name] = setting
        if setting is None:
            self.settings.pop(name, None)
        else:
            self.settings[name] = setting

    def settled(self) -> Catalog:
        """Return the catalogue the changes make."""
        catalog = self.draft()
        catalog.version = next(VERSIONS)
        return catalog

    def write(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Write the changes in the cursor's open transaction."""
        for oid in [*self.removed, *self.added]:
            cursor.execute("DELETE FROM _v.objects WHERE oid = ?", [oid])
        for oid, item in self.added.items():
            cursor.execute(
                "INSERT INTO _v.objects VALUES (?, ?, ?)", [oid, kind_of(item), dumps(item)]
            )
        for name, setting in self.new_settings.items():
            cursor.execute("DELETE FROM _v.settings WHERE name = ?", [name])
            if setting is not None:
                cursor.execute("INSERT INTO _v.settings VALUES (?, ?)", [name, setting])


def load(cursor: duckdb.DuckDBPyConnection) -> Catalog:
    """Read the catalogue of a database file."""
    catalog = Catalog()
    for kind, doc in cursor.execute("SELECT kind, doc FROM _v.objects ORDER BY oid").fetchall():
        catalog.put(loads(kind, doc))
    catalog.settings = dict(cursor.execute("SELECT name, setting FROM _v.settings").fetchall())
    return catalog


def kind_of(item: CatalogObject) -> str:
    """Return the word an object's kind is written by."""
    return next(kind for kind, cls in KINDS.items() if isinstance(item, cls))


def dumps(item: CatalogObject) -> str:
    """Return an object as a JSON document."""
    return json.dumps(dataclasses.asdict(item), separators=(",", ":"))


def loads(kind: str, doc: str) -> CatalogObject:
    """Return the object a JSON document holds."""
    built: CatalogObject = _build(KINDS[kind], json.loads(doc))
    return built


def _build(cls: type[Any], raw: dict[str, Any]) -> Any:  # noqa: ANN401 - any of our dataclasses
    """Make a dataclass of a JSON object; lists become tuples, what is no field is passed over."""
    hints = typing.get_type_hints(cls)
    return cls(**{name: _value(hints[name], value) for name, value in raw.items() if name in hints})


def _value(hint: Any, value: Any) -> Any:  # noqa: ANN401 - JSON in, fields out
    """Return a JSON value as the field's type wants it."""
    if not isinstance(value, list):
        return value
    if isinstance(hint, types.UnionType):
        hint = next(h for h in typing.get_args(hint) if h is not type(None))
    inner = typing.get_args(hint)[0]
    if inner in (Column, Constraint, Function):
        return tuple(_build(inner, item) for item in value)
    return tuple(_value(inner, item) for item in value)
