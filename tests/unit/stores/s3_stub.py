"""An object storage on loopback that misbehaves when told to, and counts what it is asked."""

import hashlib
import socket
import struct
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, quote, unquote, urlsplit

NEVER = 10**12


@dataclass(frozen=True)
class Fault:
    """One misbehaviour: an error status, or a body that is cut, stalled or slow."""

    status: int = 0
    code: str = "InternalError"
    cut_at: int = NEVER  # the connection ends after so many bytes …
    reset: bool = False  # … with RST in place of FIN
    stall_at: int = NEVER
    stall_seconds: float = 0
    drip_seconds: float = 0  # a pause after every byte
    announce: bool = True  # send Content-Length
    replace: bytes | None = None  # the object's new bytes, in place before the request is answered
    delete: bool = False
    ignore_match: bool = False  # answer as if no If-Match had been sent


@dataclass
class Stub:
    """What the storage holds, what it shall do wrong, and what it was asked."""

    objects: dict[str, bytes] = field(default_factory=dict)
    versions: bool = False
    page: int = 1000
    faults: dict[str, deque[Fault]] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""

    def fail(self, operation: str, *faults: Fault) -> None:
        """Misbehave so on the next requests of an operation: GET, HEAD or LIST."""
        self.faults.setdefault(operation, deque()).extend(faults)

    def next_fault(self, operation: str) -> Fault:
        """Return what the next answer does wrong; mostly nothing."""
        waiting = self.faults.get(operation)
        return waiting.popleft() if waiting else Fault()

    def count(self, operation: str) -> int:
        """Return how often an operation was asked for."""
        return sum(1 for asked, _ in self.requests if asked == operation)


class Handler(BaseHTTPRequestHandler):
    """Answers HEAD, GET and the listing of one bucket named `landing`."""

    protocol_version = "HTTP/1.1"
    stub: Stub

    def log_message(self, *_args: object) -> None:
        """Stay silent."""

    def do_HEAD(self) -> None:
        """Tell of an object."""
        self.answer("HEAD")

    def do_GET(self) -> None:
        """Send an object or a page of the listing."""
        target = urlsplit(self.path)
        if "list-type" in parse_qs(target.query):
            self.listing(parse_qs(target.query))
        else:
            self.answer("GET")

    def answer(self, operation: str) -> None:
        """Answer for an object, as wrongly as told."""
        key = unquote(urlsplit(self.path).path.removeprefix("/landing/"))
        self.stub.requests.append((operation, key))
        fault = self.stub.next_fault(operation)
        if fault.replace is not None:
            self.stub.objects[key] = fault.replace
        if fault.delete:
            del self.stub.objects[key]
        if fault.status:
            self.refuse(fault.status, fault.code)
        elif key not in self.stub.objects:
            self.refuse(404, "NoSuchKey")
        elif not fault.ignore_match and not self.is_matched(self.stub.objects[key]):
            self.refuse(412, "PreconditionFailed")
        else:
            self.send_object(self.stub.objects[key], fault)

    def is_matched(self, content: bytes) -> bool:
        """Tell whether the object is the one asked for."""
        return self.headers.get("If-Match", etag(content)) == etag(content)

    def send_object(self, content: bytes, fault: Fault) -> None:
        """Send headers, and for GET the body or what the fault leaves of it."""
        self.send_response(200)
        if fault.announce:
            self.send_header("Content-Length", str(len(content)))
        else:
            self.send_header("Connection", "close")
        self.send_header("ETag", etag(content))
        self.send_header("Last-Modified", "Mon, 02 Nov 2026 10:00:00 GMT")
        if self.stub.versions:
            self.send_header("x-amz-version-id", "v-" + etag(content)[1:9])
        self.end_headers()
        if self.command == "GET":
            self.send_body(content, fault)
            self.close_connection = not fault.announce or fault.cut_at < len(content)

    def send_body(self, content: bytes, fault: Fault) -> None:
        """Send a body, with the pauses and the early end of the fault."""
        if fault.drip_seconds:
            for byte in content:
                self.wfile.write(bytes([byte]))
                time.sleep(fault.drip_seconds)
            return
        end = min(fault.cut_at, len(content))
        pause = min(fault.stall_at, end)
        self.wfile.write(content[:pause])
        time.sleep(fault.stall_seconds)
        self.wfile.write(content[pause:end])
        if fault.reset:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()

    def refuse(self, status: int, code: str) -> None:
        """Answer with an error as S3 words it, the sender's key id included."""
        text = (
            f"<Error><Code>{code}</Code><Message>no</Message>"
            "<AWSAccessKeyId>KEYIDCANARY</AWSAccessKeyId></Error>"
        ).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(text)

    def listing(self, query: dict[str, list[str]]) -> None:
        """Send one page of the keys under a prefix."""
        prefix = query.get("prefix", [""])[0]
        start = int(query.get("continuation-token", ["0"])[0])
        self.stub.requests.append(("LIST", prefix))
        fault = self.stub.next_fault("LIST")
        if fault.status:
            return self.refuse(fault.status, fault.code)
        keys = sorted(key for key in self.stub.objects if key.startswith(prefix))
        page, more = keys[start : start + self.stub.page], len(keys) > start + self.stub.page
        entries = "".join(self.entry(key) for key in page)
        token = f"<NextContinuationToken>{start + self.stub.page}</NextContinuationToken>"
        text = (
            f"<ListBucketResult><EncodingType>url</EncodingType>{entries}{token if more else ''}"
            f"<IsTruncated>{str(more).lower()}</IsTruncated></ListBucketResult>"
        ).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
        return None

    def entry(self, key: str) -> str:
        """Return what a listing tells of an object."""
        content = self.stub.objects[key]
        return (
            f"<Contents><Key>{quote(key)}</Key><ETag>{etag(content)}</ETag>"
            f"<Size>{len(content)}</Size>"
            "<LastModified>2026-11-02T10:00:00.000Z</LastModified></Contents>"
        )


def etag(content: bytes) -> str:
    """Return the quoted tag of an object's bytes."""
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'


class QuietServer(ThreadingHTTPServer):
    """A server that says nothing of clients that hang up."""

    daemon_threads = True

    def handle_error(self, *_args: object) -> None:
        """Stay silent: hanging up is what the tests are about."""


@contextmanager
def running_stub() -> Iterator[Stub]:
    """Run a storage on a free port of loopback."""
    stub = Stub()
    server = QuietServer(("127.0.0.1", 0), type("Bound", (Handler,), {"stub": stub}))
    stub.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
