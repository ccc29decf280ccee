"""What a database is made of: schemas, tables, views, sequences, users."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from local_vertica.sql.words import NOT_NAMES

Scope = Literal["", "local", "global"]  # of a temporary table
ConstraintKind = Literal["primary", "unique", "foreign", "check"]
DBADMIN = "dbadmin"
DATABASE_OID = 1
PLAIN = re.compile(r"[^\W\d][\w$]*")


@dataclass(frozen=True)
class Column:
    """A column as CREATE TABLE declared it; `type` is Vertica's type text."""

    name: str
    type: str
    nullable: bool = True
    default: str | None = None
    set_using: str | None = None
    encoding: str = ""
    access_rank: int | None = None
    identity: tuple[int, int] | None = None  # start, increment


@dataclass(frozen=True)
class Constraint:
    """A table constraint; `enabled` is None where the statement did not say."""

    name: str
    kind: ConstraintKind
    columns: tuple[str, ...] = ()
    enabled: bool | None = None
    expression: str = ""
    references: tuple[str, str] | None = None
    referenced_columns: tuple[str, ...] = ()
    oid: int = 0

    @property
    def is_enforced(self) -> bool:
        """Say whether rows are checked: CHECK by default, keys only if ENABLED."""
        return self.enabled is True or (self.kind == "check" and self.enabled is None)


@dataclass(frozen=True)
class Table:
    """A table and the clauses of its physical design, kept as text."""

    schema: str
    name: str
    columns: tuple[Column, ...]
    constraints: tuple[Constraint, ...] = ()
    oid: int = 0
    owner: str = DBADMIN
    created: str = ""
    order_by: tuple[str, ...] = ()
    segmented_by: str = ""  # HASH(a, b), or "" where unsegmented or not said
    is_unsegmented: bool = False
    ksafe: int | None = None
    partition_by: str = ""
    group_by: str = ""
    active_partitions: int | None = None
    scope: Scope = ""
    keeps_rows: bool = True  # ON COMMIT PRESERVE ROWS, for temporary tables
    is_reject: bool = False
    inherits: bool = False  # the privileges of its schema
    ddl: str = ""
    comment: str = ""

    @property
    def duck_name(self) -> str:
        """Return the table's name in DuckDB SQL."""
        return duck_table(self.schema, self.name, temporary=bool(self.scope))

    def column(self, name: str) -> Column | None:
        """Return the column of that name in any case."""
        wanted = name.lower()
        return next((c for c in self.columns if c.name.lower() == wanted), None)


@dataclass(frozen=True)
class Function:
    """A user-defined SQL function: an expression over arguments, each a name and a type text."""

    schema: str
    name: str
    arguments: tuple[tuple[str, str], ...]
    returns: str
    body: str
    oid: int = 0
    owner: str = DBADMIN
    created: str = ""
    volatility: str = "immutable"
    is_strict: bool = False


@dataclass(frozen=True)
class View:
    """A view: its query in Vertica SQL, and the columns it has."""

    schema: str
    name: str
    query: str
    columns: tuple[Column, ...]
    oid: int = 0
    owner: str = DBADMIN
    created: str = ""
    scope: Scope = ""
    reads: tuple[tuple[str, str], ...] = ()
    path: tuple[str, ...] = ()  # on which its names were searched
    shapes: tuple[tuple[Column, ...], ...] = ()  # the columns that each of them had: what `*` means
    functions: tuple[Function, ...] = ()  # that it calls, as they were
    inherits: bool = False  # the privileges of its schema
    ddl: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Projection:
    """A projection: kept and shown, never used."""

    schema: str
    name: str
    anchor: tuple[str, str]
    columns: tuple[str, ...]
    oid: int = 0
    owner: str = DBADMIN
    created: str = ""
    segmented_by: str = ""
    order_by: tuple[str, ...] = ()
    is_super: bool = True
    ddl: str = ""


@dataclass(frozen=True)
class Sequence:
    """A sequence with what CREATE SEQUENCE said of it."""

    schema: str
    name: str
    start: int = 1
    increment: int = 1
    minimum: int = 1
    maximum: int = 2**63 - 1
    cycles: bool = False
    cache: int = 250000
    oid: int = 0
    owner: str = DBADMIN
    created: str = ""
    identity_of: str = ""  # the table whose IDENTITY column draws from it
    ddl: str = ""
    comment: str = ""

    @property
    def duck_name(self) -> str:
        """Return the sequence's name in DuckDB SQL."""
        return duck_table(self.schema, self.name)


@dataclass(frozen=True)
class Schema:
    """A schema."""

    name: str
    oid: int = 0
    owner: str = DBADMIN
    created: str = ""
    includes: bool = False  # its privileges go to the tables and views made in it
    comment: str = ""


@dataclass(frozen=True)
class User:
    """A user or role; of a password only a hash is kept, the superuser's by the server alone."""

    name: str
    oid: int = 0
    is_super: bool = False
    is_role: bool = False
    algorithm: str = "NONE"  # as the database has it: SHA512
    salt: str = field(default="", repr=False)
    password_hash: str = field(default="", repr=False)
    is_expired: bool = False
    default_roles: tuple[str, ...] = ()
    pool: str = "general"
    profile: str = "default"
    locked_at: str = ""  # "" if it may come in
    search_path: tuple[str, ...] = ()  # of its sessions to come; () is the default


@dataclass(frozen=True)
class ResourcePool:
    """A resource pool with the parameters that are not at their defaults: kept, not executed."""

    name: str
    settings: tuple[tuple[str, str], ...] = ()
    oid: int = 0


@dataclass(frozen=True)
class Profile:
    """A profile with the limits it does not take from the profile "default"."""

    name: str
    limits: tuple[tuple[str, str], ...] = ()
    oid: int = 0


GENERAL = ResourcePool("general", oid=7)  # behind the roles every database has
DEFAULT_PROFILE = Profile("default", oid=8)


# The roles every database has, whose rights are not granted but built in.
PREDEFINED_ROLES = tuple(
    User(name, oid, is_role=True)
    for oid, name in enumerate(("public", DBADMIN, "pseudosuperuser", "dbduser", "sysmonitor"), 2)
)


@dataclass(frozen=True)
class Authentication:
    """A way to come in; access is LOCAL, HOST, HOST TLS or HOST NO TLS."""

    name: str
    method: str
    access: str
    address: str
    oid: int = 0


@dataclass(frozen=True)
class Key:
    """A private RSA key."""

    name: str
    length: int
    pem: str = field(repr=False)
    oid: int = 0
    owner: str = DBADMIN


@dataclass(frozen=True)
class Certificate:
    """A certificate, with the names of its key and of the CA that signed it, or ""."""

    name: str
    is_ca: bool
    pem: str
    key: str = ""
    signed_by: str = ""
    oid: int = 0
    owner: str = DBADMIN


@dataclass(frozen=True)
class TlsConfiguration:
    """How the server speaks TLS; without a certificate of its own, with that of its start."""

    name: str
    certificate: str | None = None  # "" once it was taken away
    authorities: tuple[str, ...] = ()
    mode: str = "DISABLE"
    oid: int = 0


@dataclass(frozen=True)
class Grant:
    """Privileges on an object, a role or a way in, as one grantor gave them to one grantee.

    A privilege that may be passed on ends with an asterisk; a role has nothing but that.
    """

    kind: str  # of the object: a key of `rights.ORDINARY`, ROLE or AUTHENTICATION
    target: int  # the object's identifier
    grantee: str
    grantor: str
    privileges: tuple[str, ...] = ()
    oid: int = 0


@dataclass
class Settings:
    """Configuration parameters set for the database; the rest have their defaults."""

    values: dict[str, str] = field(default_factory=dict)


CatalogObject = (
    Table
    | View
    | Projection
    | Sequence
    | Function
    | Schema
    | User
    | Grant
    | Authentication
    | Key
    | Certificate
    | TlsConfiguration
    | ResourcePool
    | Profile
)


def quoted(name: str) -> str:
    """Return a name quoted for DuckDB SQL."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def spelled(*names: str) -> str:
    """Return a name, with its schema before it, in quotes where Vertica's SQL wants them."""
    return ".".join(
        name if PLAIN.fullmatch(name) and name.upper() not in NOT_NAMES else quoted(name)
        for name in names
    )


def spelled_each(names: Iterable[str]) -> str:
    """Return a list of such names, parted by commas."""
    return ", ".join(map(spelled, names))


def duck_schema(schema: str) -> str:
    """Return the DuckDB schema that holds a Vertica schema: no name of DuckDB's own."""
    return quoted(f"s_{schema.lower()}")


def duck_table(schema: str, name: str, *, temporary: bool = False) -> str:
    """Return the DuckDB name of a relation; a temporary one is of its connection alone."""
    if temporary:
        return f"temp.main.{quoted(f'{schema}.{name}'.lower())}"
    return f"{duck_schema(schema)}.{quoted(name.lower())}"
