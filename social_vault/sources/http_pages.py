"""Read a window of an API that pages by offset: every row that is there throughout, each once.

An offset counts positions: a row that is deleted before it moves an unread row behind the reader.
So each page begins with the last row of the page before, the anchor. Where it begins with another,
rows have moved, and the window begins anew. Pages of one order are contiguous runs, each starting
with a row that was read: nothing lies between two of them. A short page proves nothing, and neither
does one empty answer: the end is a page of the anchor alone, with an empty page behind it.
"""

from dataclasses import dataclass

from social_vault.errors import UnavailableError
from social_vault.sources.http_client import NAME, Api, Question

LIMIT = 50  # the most that the API gives


@dataclass(frozen=True)
class Window:
    """What is read whole: a path and its parameters, and the key that names a row.

    `order` is the field by which the API sorts: unique and never changing, else rows tie or move.
    """

    path: str
    key: str
    order: str = "id"
    parameters: tuple[tuple[str, str], ...] = ()

    def page(self, offset: int) -> Question:
        """Ask for the rows from an offset on."""
        ordered = {"sort_field": self.order, "sort_direction": "asc"}
        paged = {"limit": LIMIT, "offset": offset}
        return Question(self.path, self.key, {**dict(self.parameters), **ordered, **paged})


class ShiftedError(Exception):
    """Rows moved while they were read."""


def read_window(api: Api, window: Window) -> dict[str, str]:
    """Return the lines of a window by their keys; raise UnavailableError if they never rest."""
    for _ in range(api.patience.passes):
        try:
            return one_pass(api, window)
        except ShiftedError:
            continue
    raise UnavailableError(
        f"{NAME}, {window.path}: the rows moved in each of {api.patience.passes} passes."
    )


def read_twice(api: Api, window: Window) -> dict[str, str]:
    """Return the rows of a window that is closed for good: two passes must name the same rows."""
    before = read_window(api, window)
    for _ in range(api.patience.passes):
        rows = read_window(api, window)
        if rows.keys() == before.keys():
            return rows
        before = rows
    raise UnavailableError(
        f"{NAME}, {window.path}: no two of {api.patience.passes} passes found the same rows."
    )


def one_pass(api: Api, window: Window) -> dict[str, str]:
    """Read all pages once; raise ShiftedError where the anchor is gone."""
    rows, anchor = dict[str, str](), ""
    while True:
        page = api.ask(window.page(max(len(rows) - 1, 0))).rows
        if rows and (not page or page[0][0] != anchor):
            raise ShiftedError
        fresh = page[1:] if rows else page
        if not fresh and not api.ask(window.page(len(rows))).rows:
            return rows
        for key, line in fresh:
            if key in rows:  # in an order without ties a row comes again only if it has moved
                raise ShiftedError
            rows[key], anchor = line, key
