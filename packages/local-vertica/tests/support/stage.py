"""A few tables in a plain DuckDB, and a scope that knows them."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import duckdb

from local_vertica.errors import VerticaError
from local_vertica.sql.macros import register_macros
from local_vertica.sql.scope import ColumnInfo, SequenceInfo, TableInfo
from local_vertica.sql.translate import Translated, translate
from local_vertica.types import parse_type

SCHEMAS = ("public", "staging", "dwh", "v_catalog")
TABLES = {
    "public.t": "a INT, b VARCHAR(20), c NUMERIC(10,2), d DATE, e TIMESTAMP, f FLOAT, g BOOLEAN",
    "public.u": "a INT, x VARCHAR(10), y INT",
    "public.empty": "a INT, b VARCHAR(20)",
    "public.moments": (
        "id INT, ts TIMESTAMP, tz TIMESTAMPTZ, ti TIME, iv INTERVAL, ym INTERVAL YEAR TO MONTH"
    ),
    "public.kinds": "ch CHAR(5), lv LONG VARCHAR, vb VARBINARY(10), id UUID, n38 NUMERIC(37,15)",
    "staging.users": (
        "id INT, chat_name VARCHAR(200), registration_dt TIMESTAMP, country VARCHAR(200), "
        "age INT, batch_id INT, load_src VARCHAR(1000)"
    ),
    "dwh.h_users": "hk_user_id UUID, user_id INT, load_dt TIMESTAMP, load_src VARCHAR(1000)",
    "dwh.h_groups": "hk_group_id UUID, group_id INT, load_dt TIMESTAMP, load_src VARCHAR(1000)",
    "dwh.l_act": "hk_l UUID, hk_user_id UUID, hk_group_id UUID, load_dt TIMESTAMP",
    "dwh.t": "a INT, z VARCHAR(10)",
}
ROWS = {
    "public.t": """(1, 'one', 1.50, '2020-01-01', '2020-01-01 10:00:00', 1.5, true),
        (2, 'two', 2.25, '2020-02-29', '2020-02-29 23:59:59.5', 2.5, false),
        (3, NULL, NULL, NULL, NULL, NULL, NULL)""",
    "public.u": "(1, 'x', 10), (1, 'y', 20), (4, 'z', NULL)",
    "public.moments": """(1, '2020-05-06 07:08:09.123456', '2020-05-06 07:08:09+00', '07:08:09',
        INTERVAL '1 day 2 hours', INTERVAL '14 months')""",
    "public.kinds": """('ab', 'long', 'xyz'::BLOB, '00000000-0000-0000-0000-000000000001', 12.5)""",
    "staging.users": """(1, 'ann', '2020-01-01', 'RU', 30, 1, 's'),
        (2, 'bob', '2020-01-02', 'US', NULL, 1, 's'), (2, 'bob', '2020-01-03', 'US', 31, 2, 'r')""",
}


def column_infos(text: str) -> tuple[ColumnInfo, ...]:
    """Return the columns a short table text names."""
    depth, start, parts = 0, 0, []
    for position, letter in enumerate(text + ","):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append(text[start:position].strip())
            start = position + 1
    pairs = [part.split(" ", 1) for part in parts]
    return tuple(ColumnInfo(name, parse_type(kind)) for name, kind in pairs)


@dataclass
class Stage:
    """A connection with tables, and the scope that names them."""

    connection: duckdb.DuckDBPyConnection
    tables: dict[str, TableInfo] = field(default_factory=dict)
    now: datetime = datetime(2024, 3, 5, 12, 30, 15, 123456, tzinfo=UTC)

    def resolve_table(self, schema: str | None, name: str) -> TableInfo:
        """Return the table meant, as the catalogue would."""
        if schema is not None and schema.lower() not in SCHEMAS:
            raise VerticaError("3F000", f'Schema "{schema}" does not exist', 4650)
        found = self.tables.get(f"{schema or 'public'}.{name}".lower())
        if found is None:
            raise VerticaError("42V01", f'Relation "{name}" does not exist', 4566)
        return found

    def resolve_sequence(self, schema: str | None, name: str) -> SequenceInfo:
        """Return the one sequence there is."""
        if (schema or "public", name.lower()) != ("public", "numbers"):
            raise VerticaError("42V01", f'Sequence "{name}" does not exist', 4711)
        return SequenceInfo("public", "numbers", "public.numbers")

    def resolve_functions(self, _schema: str | None, _name: str) -> tuple[()]:
        """Know no function but the built-in ones."""
        return ()

    def session_values(self) -> Mapping[str, object]:
        """Return what session functions answer."""
        texts = {
            "current_user": "dbadmin",
            "session_user": "dbadmin",
            "current_database": "vault",
            "current_schema": "public",
            "version": "Vertica Analytic Database v24.4.0-0",
            "current_session": "node-1:0x1",
        }
        numbers = {
            "current_trans_id": 45035996273705370,
            "current_statement": 3,
            "get_num_accepted_rows": 5,
            "get_num_rejected_rows": 2,
        }
        moments = {"now": self.now, "statement_timestamp": self.now, "timezone": "UTC"}
        return {**texts, **numbers, **moments}

    def cache_key(self) -> Hashable:
        """Return a value of this stage only."""
        return id(self)

    def run(self, text: str, params: list[object] | None = None) -> list[tuple[object, ...]]:
        """Translate a statement and return the rows DuckDB gives for it."""
        made = self.translated(text)
        return self.connection.execute(made.duck_sql, params or []).fetchall()

    def translated(self, text: str) -> Translated:
        """Return the translation of a statement."""
        return translate(text, self)


def build_stage() -> Stage:
    """Return a fresh stage with its tables filled."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    register_macros(connection)
    connection.execute("CREATE SCHEMA public; CREATE SEQUENCE public.numbers")
    stage = Stage(connection)
    for key, columns in TABLES.items():
        schema, name = key.split(".")
        infos = column_infos(columns)
        duck = f'"{schema}"."{name}"'
        connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
        fields = ", ".join(f'"{info.name}" {info.vtype.duck}' for info in infos)
        connection.execute(f"CREATE TABLE {duck} ({fields})")
        if key in ROWS:
            connection.execute(f"INSERT INTO {duck} VALUES {ROWS[key]}")
        stage.tables[key] = TableInfo(schema, name, duck, infos, oid=len(stage.tables) + 1)
    return stage
