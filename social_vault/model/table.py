"""What a source table is: the contract of its files, and what it brings into the vault."""

from dataclasses import dataclass

from social_vault.model.vault import Hub, Kind, Link, Satellite


@dataclass(frozen=True)
class Column:
    """One column: its name in staging, what its values must be, the hub whose key it holds.

    `heading` is its name in the file's header where that is another one. Texts are limited in
    octets, as Vertica counts; a column with `choices` takes these texts alone, one with a `pattern`
    only texts that are, from their first letter to their last, what this regular expression says.
    """

    name: str
    kind: Kind
    heading: str = ""
    required: bool = False
    max_octets: int | None = None  # of UTF-8, as the width of a VARCHAR
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()
    pattern: str | None = None
    hub: Hub | None = None

    @property
    def header(self) -> str:
        """Name the column as the file's header does."""
        return self.heading or self.name


@dataclass(frozen=True)
class Table:
    """A source table: a change of what its contract means raises the version.

    Of the records of one file whose `key` is equal, only the first is accepted. Staging is sorted
    and segmented by `spread`, which is the key unless it is said.
    """

    name: str
    version: int
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    spread: tuple[str, ...] = ()  # where fewer columns spread the rows as well
    links: tuple[Link, ...] = ()
    satellites: tuple[Satellite, ...] = ()

    @property
    def file_name(self) -> str:
        """Name the files that feed the table: the last segment of their keys."""
        return f"{self.name}.csv"

    @property
    def rejects(self) -> str:
        """Name the table of what was refused."""
        return f"{self.name}_rej"

    @property
    def headers(self) -> tuple[str, ...]:
        """List the names that a file's header must hold, in any order."""
        return tuple(column.header for column in self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """List the columns of staging, in their order there."""
        return tuple(column.name for column in self.columns)

    @property
    def sorted_by(self) -> tuple[str, ...]:
        """List the columns that sort and segment staging, behind the number of the load."""
        return self.spread or self.key

    @property
    def hubs(self) -> tuple[Hub, ...]:
        """List the hubs that the columns name, each once."""
        return tuple(dict.fromkeys(column.hub for column in self.columns if column.hub))

    @property
    def duplicate_reason(self) -> str:
        """Say why a record is refused whose key an earlier accepted record has."""
        # Of a key of several columns none is to blame; the whole record is the repeat.
        culprit = self.key[0] if len(self.key) == 1 else "record"
        return f"{culprit}: duplicate"

    def column(self, name: str) -> Column:
        """Find a column by its name in staging; raise KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}.")

    def naming(self, hub: Hub) -> tuple[Column, ...]:
        """List the columns that hold keys of a hub."""
        return tuple(column for column in self.columns if column.hub == hub)
