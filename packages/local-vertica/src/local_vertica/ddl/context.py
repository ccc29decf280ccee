"""What applying a definition needs: the catalogue being changed, DuckDB, the session's names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import duckdb

from local_vertica.catalog.model import Sequence, Table, User, View
from local_vertica.catalog.store import Draft
from local_vertica.ddl.nodes import Name
from local_vertica.errors import VerticaError
from local_vertica.resolve import privileges, translation
from local_vertica.resolve.names import NameScope, SessionNames, unknown_relation
from local_vertica.sql.translate import Translated
from local_vertica.types import VType


@dataclass
class Definition:
    """One statement of data definition while it is applied."""

    draft: Draft
    connection: duckdb.DuckDBPyConnection
    names: SessionNames
    scope: NameScope
    user: str
    text: str
    lock: Callable[[str], None] = lambda _table: None
    prepare: Callable[[Translated], None] = lambda _query: None  # before a query is run
    has_certificate: bool = False  # the server was started with one
    notices: list[str] = field(default_factory=list)

    def run(self, sql: str) -> None:
        """Run a DuckDB statement."""
        self.connection.execute(sql)

    def check(self, text: str, columns: Mapping[str, VType]) -> str:
        """Return the expression of a CHECK in DuckDB's SQL."""
        return translation.check_expression(text, columns)

    def value(self, text: str) -> str:
        """Return an expression without columns, as it is worth now, in DuckDB's SQL."""
        return translation.expression(text, {}, self.scope)

    def default(self, text: str) -> str:
        """Return a DEFAULT in DuckDB's SQL, whose clock is that of the statement it fills."""
        return translation.default_expression(text, self.scope)

    def query(self, text: str) -> Translated:
        """Return a query in DuckDB's SQL."""
        translated = translation.query_text(text, self.scope)
        privileges.require_query_of(self.scope, translated)
        return translated

    def created(self) -> str:
        """Return the time of creation as the catalogue keeps it."""
        return datetime.now(UTC).isoformat(sep=" ")

    def require_table(self, name: Name) -> Table:
        """Return a table that may be changed, locked for its owner."""
        relation = self.scope.find_relation(*name)
        if not isinstance(relation, Table):
            raise unknown_relation(*name)
        refuse_rejects(relation)
        if relation.scope != "local":
            self.lock(f"{relation.schema}.{relation.name}")
        return relation

    def require_user(self, name: str) -> User:
        """Return the user of that name, or refuse."""
        found = self.draft.users.get(name.lower())
        if found is None:
            raise VerticaError("42704", f'User "{name}" does not exist', 5227)
        return found

    def refuse_existing(self, schema: str, name: str, *, or_nothing: bool) -> bool:
        """Refuse a name that is taken; say whether it is taken where that only earns a notice."""
        taken = self.scope.is_taken(schema, name)
        if taken and not or_nothing:
            raise already_exists(name)
        if taken:
            self.notices.append(f'Object "{name}" already exists; nothing was done')
        return taken

    def inherits(self, schema: str, shown: str, includes: bool | None) -> bool:
        """Say whether a new relation has its schema's privileges: as is said, else by default."""
        found = self.draft.schemas.get(schema.lower())
        inherits = found is not None and (found.includes if includes is None else includes)
        if inherits:
            self.notices.append(f'{shown} will include privileges from schema "{schema}"')
        return inherits

    def put(self, item: Table | View | Sequence) -> None:
        """Enter a relation where it belongs: the session's names or the catalogue."""
        if isinstance(item, Table | View) and item.scope == "local":
            self.names.put_local(item)
        else:
            self.draft.put(item)

    def remove(self, item: Table | View | Sequence) -> None:
        """Take a relation out of the session's names or the catalogue."""
        if isinstance(item, Table | View) and item.scope == "local":
            self.names.remove_local(item.name)
        else:
            self.draft.remove(item)


def refuse_rejects(table: Table) -> None:
    """Refuse to change a table of rejected data."""
    if table.is_reject:
        message = f'Table "{table.name}" holds rejected data: it can only be read and dropped'
        raise VerticaError("0A000", message, 5768)


def already_exists(name: str) -> VerticaError:
    """Return the refusal of a name that is taken."""
    return VerticaError("42710", f'Object "{name}" already exists', 4213, severity="ROLLBACK")
