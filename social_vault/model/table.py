"""What a source table is: the contract of its records, and what they bring into the vault.

A source table is read from files or from the chain of a source system. Most fill one staging table,
of their own name; a document fills one more for each array in it, and records of several kinds fill
one for each kind. What was refused of it stands in one table, whatever it would have filled.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from social_vault.model.vault import Hub, Kind, Link, Satellite

# csv: rows under a header. documents: a JSON object a line. changes: a line of op, at, _id and doc.
Form = Literal["csv", "documents", "changes"]


@dataclass(frozen=True)
class Column:
    """One column: its name in staging, what its values must be, the hub whose key it holds.

    `heading` is its name in the file's header where that is another one; `path` where a document
    holds it, the names of objects within objects with a point between them. Texts are limited in
    octets, as Vertica counts; a column with `choices` takes these texts alone, one with a `pattern`
    only texts that are, from their first letter to their last, what this regular expression says.
    A decimal has `digits`: how many in all, and how many of them behind the point.
    `digest_of` names a child: the value is then made from all its rows of the document, 32 hex
    digits that differ where any row does.
    """

    name: str
    kind: Kind
    heading: str = ""
    path: str = ""
    required: bool = False
    max_octets: int | None = None  # of UTF-8, as the width of a VARCHAR
    minimum: int | None = None
    maximum: int | None = None
    digits: tuple[int, int] | None = None
    choices: tuple[str, ...] = ()
    pattern: str | None = None
    hub: Hub | None = None
    digest_of: str = ""

    @property
    def header(self) -> str:
        """Name the column as the file's header does."""
        return self.heading or self.name

    @property
    def steps(self) -> tuple[str, ...]:
        """List the names that lead to the value through the objects of a document."""
        return tuple((self.path or self.name).split("."))


# The place of a row among the elements of its array, from 1: columns of a child, read from nowhere.
ITEM_NO = Column("item_no", "integer", required=True)
# What a line of changes says beside its document; `at` is the source's clock, not ours.
BEGIN, DELETE = "begin", "delete"  # the ops that are no state of a document
OP = Column(
    "op",
    "text",
    required=True,
    max_octets=10,
    choices=(BEGIN, "read", "insert", "update", "replace", DELETE),
)
SOURCE_AT = Column("source_at", "timestamp", path="at", required=True)


@dataclass(frozen=True, kw_only=True)
class Staging:
    """A staging table: its columns and what they bring into the vault.

    It is sorted and segmented by `spread`, behind the number of the load.
    """

    name: str
    columns: tuple[Column, ...]
    spread: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    satellites: tuple[Satellite, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """List the columns of staging, in their order there."""
        return tuple(column.name for column in self.columns)

    @property
    def sorted_by(self) -> tuple[str, ...]:
        """List the columns that sort and segment staging, behind the number of the load."""
        return self.spread

    @property
    def optional(self) -> tuple[str, ...]:
        """List the required columns that some rows lack all the same."""
        return ()

    @property
    def hubs(self) -> tuple[Hub, ...]:
        """List the hubs that the columns name, each once."""
        return tuple(dict.fromkeys(column.hub for column in self.columns if column.hub))

    def column(self, name: str) -> Column:
        """Find a column by its name in staging; raise KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}.")

    def naming(self, hub: Hub) -> tuple[Column, ...]:
        """List the columns that hold keys of a hub."""
        return tuple(column for column in self.columns if column.hub == hub)


@dataclass(frozen=True, kw_only=True)
class Child(Staging):
    """The elements of an array of a document, at `path`: a row each, under their record's number.

    A column that the record has, too, repeats the record's value; ITEM_NO counts the elements; all
    others are read from the element.
    """

    path: str
    required: bool = False  # a document without the array is refused


@dataclass(frozen=True, kw_only=True)
class Variant(Staging):
    """Records of one kind, whose values stand as JSON in a column of their source table.

    `kind` is the value that tells them from the others. A column that the source table has, too,
    is the record's own; all others are read from the JSON.
    """

    kind: str
    children: tuple[Child, ...] = ()

    @property
    def parts(self) -> tuple[Staging, ...]:
        """List the staging tables that a record of the kind fills, its own before its children."""
        return (self, *self.children)


@dataclass(frozen=True, kw_only=True)
class ChangeLog(Staging):
    """What happened to the documents of a table of changes: a row a line, deletes and all.

    Its columns are the key, read from the line's `_id`, OP and SOURCE_AT. A line whose op is
    `begin` has no key: the rest of its object holds all documents that there were at that time.
    """

    @property
    def optional(self) -> tuple[str, ...]:
        """List the columns of the key, which the line that begins a whole read lacks."""
        return tuple(column.name for column in self.columns if column.hub)


@dataclass(frozen=True, kw_only=True)
class Table(Staging):
    """A source table: a change of what its contract means raises the version.

    Of the records of one file whose `key` is equal, only the first is accepted; a table without
    `key` keeps every record, as each is a state of its own. Staging is sorted and segmented by
    `spread`, which is the key unless it is said.

    Without a `source`, files of its name feed the table; else the chain of objects that are
    extracted from this source system, where the table, collection or list is called `origin`.
    A source that `is_whole` is read whole each time: what is absent from a load has been deleted
    there.
    """

    version: int
    key: tuple[str, ...] = ()
    source: str = ""
    origin: str = ""
    form: Form = "csv"
    is_whole: bool = False
    children: tuple[Child, ...] = ()
    log: ChangeLog | None = None  # of the form `changes`
    kind_in: str = ""  # the column whose value tells the variant
    value_in: str = ""  # the column that holds the variant's JSON
    variants: tuple[Variant, ...] = ()

    @property
    def extension(self) -> str:
        """Name the ending of the objects that feed the table."""
        return "csv" if self.form == "csv" else "ndjson"

    @property
    def file_name(self) -> str:
        """Name the files that feed the table: the last segment of their keys."""
        return f"{self.name}.{self.extension}"

    @property
    def rejects(self) -> str:
        """Name the table of what was refused."""
        return f"{self.name}_rej"

    @property
    def headers(self) -> tuple[str, ...]:
        """List the names that a file's header must hold, in any order."""
        return tuple(column.header for column in self.columns)

    @property
    def sorted_by(self) -> tuple[str, ...]:
        """List the columns that sort and segment staging, behind the number of the load."""
        return self.spread or self.key

    @cached_property
    def parts(self) -> tuple[Staging, ...]:
        """List the staging tables that the table fills, in the order in which they are locked."""
        if self.variants:
            return tuple(part for variant in self.variants for part in variant.parts)
        log = (self.log,) if self.log else ()
        return (self, *self.children, *log)

    @property
    def duplicate_reason(self) -> str:
        """Say why a record is refused whose key an earlier accepted record has."""
        # Of a key of several columns none is to blame; the whole record is the repeat.
        culprit = self.key[0] if len(self.key) == 1 else "record"
        return f"{culprit}: duplicate"
