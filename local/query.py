"""Look into the kept warehouse: a statement in, CSV out."""

import csv
import sys

import vertica_python

from local.kept import check_kept
from local.lock import alone
from local.paths import DATABASE, Paths
from local.servers import LOOPBACK
from local.warehouse import USER, reach_vertica
from social_vault.errors import SettingsError


def query(paths: Paths, statement: str) -> None:
    """Run a statement on the kept warehouse and print its rows, as the server writes them."""
    if not paths.database.exists():
        raise SettingsError("There is no warehouse here yet: `make run` makes one.")
    check_kept(paths)
    try:
        show_all(paths, statement)
    except vertica_python.errors.QueryError as error:
        raise SettingsError(f"{error.message} [{error.sqlstate}]") from error


def show_all(paths: Paths, statement: str) -> None:
    """Print the rows of each statement among those that were given as one text."""
    with (
        alone(paths),
        reach_vertica(paths) as vertica,
        vertica_python.connect(
            host=LOOPBACK,
            port=vertica.port,
            user=USER,
            password=vertica.password,
            database=DATABASE,
            tlsmode="disable",
        ) as connection,
    ):
        connection.notice_handler = lambda notice: print(notice.message, file=sys.stderr)
        cursor = connection.cursor()
        cursor.disable_sqldata_converter = True  # the server's own words, digit by digit
        cursor.execute(statement)
        show(cursor)
        while cursor.nextset():  # the client tells of a later statement's error only here
            show(cursor)
        connection.commit()


def show(cursor: "vertica_python.Cursor") -> None:
    """Print the rows of one statement under the names of their columns."""
    out = csv.writer(sys.stdout, lineterminator="\n")
    if cursor.description:
        out.writerow(column.name for column in cursor.description)
        out.writerows([text(value) for value in row] for row in cursor.iterate())
        sys.stdout.flush()


def text(value: object) -> object:
    """Decode a value as the server wrote it; numbers and times are not read and written anew."""
    return value.decode() if isinstance(value, bytes) else value
