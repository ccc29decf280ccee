"""The courier API: lists whole, and deliveries by days.

A delivery may come, change its rating or its tip for some days: the last seven are read each time,
and a day whose rows are as they were is not landed again. A day behind them is closed: it is read
twice, once for ever. Days are the API's own, by its clock.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from social_vault.disk import on_disk
from social_vault.errors import SourceError
from social_vault.model.catalogue import catalogue
from social_vault.model.table import Table
from social_vault.settings import CourierApiSettings
from social_vault.sources.http_client import Api, Patience, open_api
from social_vault.sources.http_pages import Window, read_twice, read_window
from social_vault.sources.reading import Bookmark, Reading

SOURCE = "couriers"
OVERLAP = 7  # days before today that are read again
DIGEST_DIGITS = 16  # of a day's SHA-256: eight days of them fit into an object's metadata


@dataclass(frozen=True)
class ApiReader:
    """What the readers have in common: the list of a declared table."""

    api: Api
    declared: Table

    @property
    def source(self) -> str:
        """Name the source system as the catalogue does."""
        return self.declared.source

    @property
    def table(self) -> str:
        """Name the source table as the catalogue does."""
        return self.declared.name

    def window(self, **parameters: str) -> Window:
        """Name the rows of the list, by its key: what spreads its staging names a row here."""
        [key] = self.declared.spread
        name = self.declared.column(key).steps[-1]
        return Window(self.declared.origin, name, parameters=tuple(parameters.items()))


class WholeReader(ApiReader):
    """Reads a list whole; the chain lands it when it has changed."""

    def read(self, since: Bookmark | None, path: Path) -> Reading:  # noqa: ARG002 - it needs none
        """Write all rows, by key: what is the same gives the same octets."""
        rows = read_window(self.api, self.window())
        write_lines(path, sorted_lines(rows))
        return Reading(len(rows), {"rows": len(rows)}, is_whole=True)


@dataclass(frozen=True)
class DayReader(ApiReader):
    """Reads a list by days, from a first day on."""

    first_day: date | None

    def read(self, since: Bookmark | None, path: Path) -> Reading:
        """Write the rows of each day that are not as they were."""
        today = self.api.ask(self.window().page(0)).told_at.date()
        known = known_days(since)
        days = dict[str, str]()
        records = 0
        with on_disk(f"{self.table} cannot be written", path), path.open("wb") as file:
            for day in self._days(since, today):
                rows = self._rows(day, today)
                lines = sorted_lines(rows)
                days[day.isoformat()] = digest = digest_of(lines)
                if digest != known.get(day.isoformat(), digest_of([])):
                    file.writelines(lines)
                    records += len(lines)
        return Reading(records, bookmark(days, today))

    def _days(self, since: Bookmark | None, today: date) -> Iterator[date]:
        """Yield the days behind the last closed one, to tomorrow: a clock may be ahead of ours."""
        closed = closed_day(since)
        first = closed + timedelta(1) if closed else self.first_day or today - timedelta(OVERLAP)
        for number in range((today - first).days + 2):
            yield first + timedelta(number)

    def _rows(self, day: date, today: date) -> dict[str, str]:
        behind = day + timedelta(1)
        window = self.window(**{"from": f"{day} 00:00:00", "to": f"{behind} 00:00:00"})
        is_closed = day < today - timedelta(OVERLAP)
        return (read_twice if is_closed else read_window)(self.api, window)


@contextmanager
def open_couriers(
    settings: CourierApiSettings, patience: Patience | None = None
) -> Iterator[tuple[WholeReader | DayReader, ...]]:
    """Lend a reader for each list of the API."""
    first_day = date.fromisoformat(settings.first_day) if settings.first_day else None
    with open_api(settings, patience or Patience()) as api:
        yield tuple(
            WholeReader(api, table) if table.is_whole else DayReader(api, table, first_day)
            for table in catalogue().of_source(SOURCE)
        )


def bookmark(days: Mapping[str, str], today: date) -> Bookmark:
    """Say which days are closed, and what the others were like."""
    closed = today - timedelta(OVERLAP + 1)
    kept = {day: digest for day, digest in days.items() if day > closed.isoformat()}
    return {"closed": closed.isoformat(), "days": kept}


def known_days(since: Bookmark | None) -> Mapping[str, str]:
    """Read what the days were like that are read again."""
    days = since.get("days") if since else {}
    if not isinstance(days, dict):
        raise SourceError("The chain of deliveries ends in a bookmark without its `days`.")
    return {str(day): str(digest) for day, digest in days.items()}


def closed_day(since: Bookmark | None) -> date | None:
    """Read the last day that is closed; None before the first read."""
    if since is None:
        return None
    try:
        return date.fromisoformat(str(since.get("closed")))
    except ValueError:
        raise SourceError(
            "The chain of deliveries ends in a bookmark without its `closed` day."
        ) from None


def sorted_lines(rows: Mapping[str, str]) -> list[bytes]:
    """Put the rows into the order of their keys, a line each."""
    return [f"{rows[key]}\n".encode() for key in sorted(rows)]


def digest_of(lines: list[bytes]) -> str:
    """Return the first digits of the SHA-256 of some lines."""
    return hashlib.sha256(b"".join(lines)).hexdigest()[:DIGEST_DIGITS]


def write_lines(path: Path, lines: list[bytes]) -> None:
    """Write the lines of a table to its file."""
    with on_disk(f"{path.name} cannot be written", path), path.open("wb") as file:
        file.writelines(lines)
