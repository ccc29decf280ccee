"""What the statements of data definition say, before anything is looked up."""

from dataclasses import dataclass
from typing import Literal

from local_vertica.catalog.model import Column, Constraint, Scope
from local_vertica.ddl.user_nodes import (
    AlterUser,
    ConfigureTls,
    CreateAuthentication,
    CreateCertificate,
    CreateKey,
    CreateUser,
    DefinePool,
    DefineProfile,
    DropPool,
    DropProfile,
    DropSecret,
)

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
class CreateFunction:
    """CREATE [OR REPLACE] FUNCTION with an SQL expression; types are Vertica's texts."""

    name: Name
    or_replace: bool
    if_not_exists: bool
    arguments: tuple[tuple[str, str], ...]
    returns: str
    body: str


@dataclass(frozen=True)
class AlterFunction:
    """ALTER FUNCTION: another name, schema or owner; the types tell which one is meant."""

    name: Name
    types: tuple[str, ...]
    to: "RenameTable | SetSchema | SetOwner"


@dataclass(frozen=True)
class DropFunction:
    """DROP FUNCTION; the types tell which ones are meant."""

    names: tuple[Name, ...]
    types: tuple[str, ...]
    if_exists: bool


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
class GiveRight:
    """GRANT or REVOKE; no privileges means ALL, `with_option` the right to pass them on."""

    kind: str
    targets: tuple[Name, ...]
    privileges: tuple[str, ...] = ()
    extends: bool = False
    in_schemas: bool = False  # ALL TABLES IN SCHEMA: the targets are schemas
    types: tuple[tuple[str, ...], ...] = ()  # of the arguments of each function
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
    | CreateFunction
    | AlterFunction
    | DropFunction
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
    | DefinePool
    | DropPool
    | DefineProfile
    | DropProfile
    | GiveRight
    | Configure
    | ConfigureTls
)
