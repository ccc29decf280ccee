"""The laptop's courier API: its three lists over HTTP, from a folder that may change meanwhile.

As a process of its own: `python -m local.courier_api FOLDER` with COURIER_API_KEY in the
environment; `restaurants.json`, `couriers.json` and `deliveries.json` in the folder are read anew
when they have changed. Tests serve lists of their own and hand in faults, made octet by octet.
"""

import gzip
import json
import os
import secrets
import socket
import ssl
import struct
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from urllib.parse import parse_qs, urlsplit

from local.paths import write_private
from local.servers import LOOPBACK, Program, free_ports, running

Row = Mapping[str, object]
Lists = Callable[[str], Sequence[Row]]
MOST_ROWS = 50
KEYS = {"restaurants": "_id", "couriers": "_id", "deliveries": "delivery_id"}
READY = "listening on"


class Handler(BaseHTTPRequestHandler):
    """Answers one client."""

    server: "CourierServer"
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else head and body go as two packets, 40 ms apart

    def log_message(self, *_: object) -> None:
        """Say nothing: a request line holds what was asked for."""

    def do_GET(self) -> None:
        """Give a page of a list, or what the fault of this request is."""
        self.server.count()
        if not secrets.compare_digest(self.headers.get("X-API-KEY", ""), self.server.key):
            return self.give(401, {"error": "no key"})
        if not (self.headers.get("X-Nickname") and self.headers.get("X-Cohort", "").isdigit()):
            return self.give(403, {"error": "no nickname or cohort"})
        page = self.page()
        if page is None:
            return self.give(404, {"error": "no such list"})
        fault = self.server.fault(self.server.requests)
        return FAULTS[fault](self, page) if fault else self.give(200, page)

    def page(self) -> list[Row] | None:
        """Read what a request asks for; None where there is no such list."""
        url = urlsplit(self.path)
        name = url.path.strip("/")
        asked = {each: values[0] for each, values in parse_qs(url.query).items()}
        if name not in KEYS:
            return None
        rows = [row for row in self.server.lists(name) if _is_asked_for(row, asked)]
        rows.sort(key=lambda row: _order(row, asked.get("sort_field", "id"), KEYS[name]))
        if asked.get("sort_direction", "asc") == "desc":
            rows.reverse()
        limit, offset = int(asked.get("limit", MOST_ROWS)), int(asked.get("offset", 0))
        return rows[offset : offset + min(limit, MOST_ROWS)]

    def give(self, status: int, what: object, **headers: str) -> None:
        """Answer in JSON."""
        self.send(status, json.dumps(what, ensure_ascii=False).encode(), **headers)

    def send(self, status: int, body: bytes, **headers: str) -> None:
        """Answer with some octets; names of headers have _ for -."""
        self.head(status, {"Content_Length": str(len(body)), **headers})
        self.wfile.write(body)

    def head(self, status: int, headers: Mapping[str, str]) -> None:
        """Send the head of an answer."""
        self.send_response(status)
        for name, value in {"Content_Type": "application/json", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()


class CourierServer(ThreadingHTTPServer):
    """Serves lists; `fault` is asked before each answer what shall be wrong with it."""

    daemon_threads = True

    def __init__(self, lists: Lists, key: str, port: int = 0) -> None:
        super().__init__((LOOPBACK, port), Handler)
        self.lists = lists
        self.key = key
        self.requests = 0
        self.fault: Callable[[int], str] = lambda _: ""
        self.elsewhere = ""  # where the fault `redirect` sends to
        self._guard = Lock()

    def count(self) -> None:
        """Count a request."""
        with self._guard:
            self.requests += 1

    @property
    def url(self) -> str:
        """Name where it listens."""
        return f"http://{LOOPBACK}:{self.server_address[1]}"

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that are gone."""


def _is_asked_for(row: Row, asked: Mapping[str, str]) -> bool:
    at = str(row.get("order_ts", ""))
    if asked.get("restaurant_id") and row.get("restaurant_id") != asked["restaurant_id"]:
        return False
    return not at or asked.get("from", "") <= at < asked.get("to", "9999")


def _order(row: Row, sort_field: str, key: str) -> tuple[str, str]:
    first = {"name": "name", "date": "order_ts"}.get(sort_field, key)
    return str(row.get(first)), str(row.get(key))


def _reset(handler: Handler, page: list[Row]) -> None:
    body = json.dumps(page).encode()
    handler.head(200, {"Content_Length": str(len(body))})
    handler.wfile.write(body[: len(body) // 2])
    handler.wfile.flush()
    now = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
    handler.close_connection = True
    handler.connection.close()


def _cut(handler: Handler, page: list[Row]) -> None:
    handler.head(200, {"Connection": "close"})  # no length: the end is where it closes
    handler.wfile.write(json.dumps(page).encode()[:-20])
    handler.close_connection = True


def _hang(handler: Handler, page: list[Row]) -> None:
    time.sleep(2)
    handler.give(200, page)


# What may be wrong with an answer, by name; each is given the page that would be right.
FAULTS: Mapping[str, Callable[[Handler, list[Row]], None]] = {
    "429 seconds": lambda to, _: to.give(429, {}, Retry_After="0.05"),
    "429 date": lambda to, _: to.give(429, {}, Retry_After=formatdate(time.time(), usegmt=True)),
    "503": lambda to, _: to.give(503, {"message": "down"}),
    "error object": lambda to, _: to.give(200, {"errorMessage": "internal"}),
    "html": lambda to, _: to.send(200, b"<html>login</html>", Content_Type="text/html"),
    "reset": _reset,
    "cut": _cut,
    "hang": _hang,
    "half page": lambda to, page: to.give(200, page[: max(1, len(page) // 2)]),
    "page of one": lambda to, page: to.give(200, page[:1]),
    "empty": lambda to, _: to.give(200, []),
    "too long": lambda to, page: to.give(200, [*page, *page, *page]),
    "redirect": lambda to, _: to.give(302, [], Location=to.server.elsewhere),
    "bomb": lambda to, _: to.send(
        200, gzip.compress(b"[" + b" " * (64 << 20) + b"]"), Content_Encoding="gzip"
    ),
    "401": lambda to, _: to.give(401, {"error": "expired"}),
}


@contextmanager
def serving(lists: Lists, key: str, tls: ssl.SSLContext | None = None) -> Iterator[CourierServer]:
    """Serve lists in this process for as long as the block lasts."""
    server = CourierServer(lists, key)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class Folder:
    """Lists as files of a folder, read anew when they have changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, tuple[int, Sequence[Row]]] = {}

    def __call__(self, name: str) -> Sequence[Row]:
        """Return a list; an absent file is an empty one."""
        path = self._folder / f"{name}.json"
        if not path.exists():
            return ()
        changed = path.stat().st_mtime_ns
        if self._kept.get(name, (0, ()))[0] != changed:
            self._kept[name] = changed, json.loads(path.read_text(encoding="utf-8"))
        return self._kept[name][1]


@dataclass(frozen=True)
class LocalCourierApi:
    """A running courier API and how to get in."""

    port: int
    key: str = field(repr=False)

    def environment(self) -> dict[str, str]:
        """Give the variables that the service reads to find it."""
        return {
            "COURIER_API_URL": f"http://{LOOPBACK}:{self.port}",
            "COURIER_API_NICKNAME": "laptop",
            "COURIER_API_COHORT": "1",
            "COURIER_API_KEY": self.key,
        }


@contextmanager
def serve_courier_api(folder: Path) -> Iterator[LocalCourierApi]:
    """Serve the lists of a folder from a process of its own while the block lasts."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    [port], key = free_ports(1), secrets.token_urlsafe(24)
    program = Program(
        "The local courier API",
        (sys.executable, "-m", "local.courier_api", str(folder), str(port)),
        folder / "courier-api.log",
        lambda log: READY in log,
        {"COURIER_API_KEY": key},  # the list of processes shows arguments to everybody
    )
    with running(program):
        yield LocalCourierApi(port, key)


def write_list(folder: Path, name: str, rows: Sequence[Row]) -> None:
    """Replace a list of a folder, whole."""
    write_private(folder / f"{name}.json", json.dumps(rows, ensure_ascii=False))


if __name__ == "__main__":
    server = CourierServer(
        Folder(Path(sys.argv[1])), os.environ["COURIER_API_KEY"], int(sys.argv[2])
    )
    print(f"{READY} {server.url}", flush=True)
    server.serve_forever()
