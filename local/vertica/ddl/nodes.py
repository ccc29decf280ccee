"""What the statements of data definition say, before anything is looked up."""

from dataclasses import dataclass, field
from typing import Literal

from local.vertica.catalog.model import Column, Constraint, Scope

Name = tuple[str | None, str]  # schema if it was said, and name


@dataclass(frozen=True)
class Physical:
    """The clauses of a table's or projection's physical design."""

    order_by: tuple[str, ...] = ()
    segmented_by: str = ""
    segmented_columns: tuple[str, ...] = ()
    is_unsegmented: bool = False
    ksafe: int | None = None
    partition_by: str = ""
    group_by: str = ""
    active_partitions: int | None = None
    includes: bool | None = None  # the schema's privileges; None is as the schema says


@dataclass(frozen=True)
class CreateSchema:
    """CREATE SCHEMA; AUTHORIZATION names another owner."""

    name: str
    if_not_exists: bool
    owner: str | None = None
    includes: bool = False  # its tables and views inherit its privileges


@dataclass(frozen=True)
class CreateTable:
    """CREATE [TEMP] TABLE with columns, LIKE or AS."""

    name: Name
    if_not_exists: bool
    scope: Scope
    columns: tuple[Column, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    physical: Physical = Physical()
    keeps_rows: bool = True
    like: Name | None = None
    with_projections: bool = False
    query: str = ""
    query_columns: tuple[str, ...] = ()
    includes: bool | None = None  # the schema's privileges


@dataclass(frozen=True)
class CreateView:
    """CREATE [OR REPLACE] VIEW."""

    name: Name
    or_replace: bool
    scope: Scope
    columns: tuple[str, ...]
    query: str
    includes: bool | None = None  # the schema's privileges


@dataclass(frozen=True)
class CreateProjection:
    """CREATE PROJECTION."""

    name: Name
    if_not_exists: bool
    columns: tuple[str, ...]
    query: str
    physical: Physical


@dataclass(frozen=True)
class CreateSequence:
    """CREATE SEQUENCE; what was not said is None."""

    name: Name
    if_not_exists: bool
    start: int | None = None
    increment: int = 1
    minimum: int | None = None
    maximum: int | None = None
    cycles: bool = False
    cache: int = 250000


@dataclass(frozen=True)
class Drop:
    """DROP SCHEMA, TABLE, VIEW, PROJECTION, SEQUENCE, USER or ROLE."""

    kind: Literal["SCHEMA", "TABLE", "VIEW", "PROJECTION", "SEQUENCE", "USER", "ROLE"]
    names: tuple[Name, ...]
    if_exists: bool
    cascade: bool


@dataclass(frozen=True)
class Truncate:
    """TRUNCATE TABLE."""

    name: Name


@dataclass(frozen=True)
class CommentOn:
    """COMMENT ON an object IS a text or NULL."""

    kind: str
    name: Name
    text: str


@dataclass(frozen=True)
class AddColumn:
    """ALTER TABLE … ADD COLUMN."""

    column: Column
    constraints: tuple[Constraint, ...]
    if_not_exists: bool


@dataclass(frozen=True)
class DropColumn:
    """ALTER TABLE … DROP COLUMN."""

    name: str
    if_exists: bool
    cascade: bool


@dataclass(frozen=True)
class RenameColumn:
    """ALTER TABLE … RENAME COLUMN."""

    old: str
    new: str


@dataclass(frozen=True)
class RenameTable:
    """The action of giving a table another name."""

    new: str


@dataclass(frozen=True)
class Rename:
    """ALTER … RENAME TO; of tables and views it may name several, one after the other."""

    kind: Literal["TABLE", "VIEW", "SEQUENCE"]
    pairs: tuple[tuple[Name, str], ...]


@dataclass(frozen=True)
class SetSchema:
    """ALTER … SET SCHEMA."""

    schema: str


@dataclass(frozen=True)
class SetOwner:
    """ALTER … OWNER TO."""

    owner: str


@dataclass(frozen=True)
class RemovePartitioning:
    """ALTER TABLE … REMOVE PARTITIONING."""


@dataclass(frozen=True)
class AlterColumn:
    """ALTER TABLE … ALTER COLUMN: one change, with its expression or type."""

    name: str
    change: Literal["type", "default", "drop default", "not null", "null", "encoding"]
    text: str = ""


@dataclass(frozen=True)
class AddConstraint:
    """ALTER TABLE … ADD a constraint."""

    constraint: Constraint


@dataclass(frozen=True)
class DropConstraint:
    """ALTER TABLE … DROP CONSTRAINT."""

    name: str


@dataclass(frozen=True)
class AlterConstraint:
    """ALTER TABLE … ALTER CONSTRAINT … ENABLED or DISABLED."""

    name: str
    enabled: bool


@dataclass(frozen=True)
class SetPartition:
    """ALTER TABLE … PARTITION BY …, REORGANIZE, SET ACTIVEPARTITIONCOUNT."""

    physical: Physical


AlterAction = (
    AddColumn
    | DropColumn
    | RenameColumn
    | RenameTable
    | SetSchema
    | SetOwner
    | RemovePartitioning
    | AlterColumn
    | AddConstraint
    | DropConstraint
    | AlterConstraint
    | SetPartition
)


@dataclass(frozen=True)
class AlterTable:
    """ALTER TABLE with its actions."""

    name: Name
    actions: tuple[AlterAction, ...]


@dataclass(frozen=True)
class AlterSequence:
    """ALTER SEQUENCE … RESTART WITH and the like; what was not said is None."""

    name: Name
    restart: int | None = None
    increment: int | None = None
    cache: int | None = None


@dataclass(frozen=True)
class HandOver:
    """ALTER VIEW or SEQUENCE … SET SCHEMA or OWNER TO: another place, or other hands."""

    kind: Literal["VIEW", "SEQUENCE"]
    name: Name
    to: SetSchema | SetOwner


@dataclass(frozen=True)
class Roles:
    """What SET ROLE and DEFAULT ROLE name: these roles, or ALL but these."""

    names: tuple[str, ...] = ()
    all_but: bool = False


@dataclass(frozen=True)
class AlterUser:
    """ALTER USER: another password, another algorithm for it, its end, other default roles."""

    name: str
    password: str | None = field(default=None, repr=False)
    replaces: str | None = field(default=None, repr=False)  # the password before
    algorithm: str | None = None
    expires: bool = False
    roles: Roles | None = None


@dataclass(frozen=True)
class CreateUser:
    """CREATE USER or ROLE."""

    name: str
    is_role: bool
    if_not_exists: bool
    options: AlterUser


@dataclass(frozen=True)
class CreateAuthentication:
    """CREATE AUTHENTICATION; access is LOCAL, HOST, HOST TLS or HOST NO TLS."""

    name: str
    method: str
    access: str
    address: str


@dataclass(frozen=True)
class DropSecret:
    """DROP AUTHENTICATION, KEY or CERTIFICATE."""

    kind: str
    names: tuple[str, ...]
    if_exists: bool
    cascade: bool


@dataclass(frozen=True)
class CreateKey:
    """CREATE KEY: of a length, or of a text."""

    name: str
    length: int | None
    pem: str = field(repr=False)


@dataclass(frozen=True)
class CreateCertificate:
    """CREATE [CA] CERTIFICATE: for a subject, or of a text; a name that was not said is ""."""

    name: str
    is_ca: bool
    pem: str = ""
    subject: str = ""
    signed_by: str = ""
    days: int = 0
    extensions: tuple[tuple[str, str], ...] = ()
    key: str = ""


@dataclass(frozen=True)
class ConfigureTls:
    """ALTER TLS CONFIGURATION; what was not said is None or empty, CERTIFICATE NULL is ""."""

    name: str
    certificate: str | None = None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    mode: str | None = None


@dataclass(frozen=True)
class GiveRight:
    """GRANT or REVOKE; no privileges means ALL, `with_option` the right to pass them on."""

    kind: str
    targets: tuple[Name, ...]
    privileges: tuple[str, ...] = ()
    extends: bool = False
    in_schemas: bool = False  # ALL TABLES IN SCHEMA: the targets are schemas
    grantees: tuple[str, ...] = ()
    revokes: bool = False
    with_option: bool = False
    cascade: bool = False


@dataclass(frozen=True)
class Configure:
    """ALTER DATABASE or SESSION … SET or CLEAR a parameter."""

    settings: tuple[tuple[str, str | None], ...]
    of_session: bool


Statement = (
    CreateSchema
    | CreateTable
    | CreateView
    | CreateProjection
    | CreateSequence
    | Drop
    | Truncate
    | CommentOn
    | AlterTable
    | Rename
    | AlterSequence
    | HandOver
    | AlterUser
    | CreateUser
    | CreateAuthentication
    | DropSecret
    | CreateKey
    | CreateCertificate
    | GiveRight
    | Configure
    | ConfigureTls
)
