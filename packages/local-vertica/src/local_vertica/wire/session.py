"""One client's conversation: start-up, simple queries, prepared statements, COPY.

The engine is reached through three calls (`run`, `copy`, `describe`); everything that goes wrong
in it becomes an ErrorResponse and never ends the server.
"""

import logging
from collections.abc import Callable, Mapping, Sequence

from local_vertica.errors import VerticaError
from local_vertica.results import CopyNeeded, Done, Field, Result, Rows
from local_vertica.statements import Session
from local_vertica.types import VType
from local_vertica.wire import copyflow, messages
from local_vertica.wire.codecs import encode_rows, encoders
from local_vertica.wire.line import Line
from local_vertica.wire.parameters import decode

log = logging.getLogger(__name__)

# What a client may still send when the COPY it belongs to has failed; it means nothing by then.
LEFT_OVER = (b"d", b"c", b"f", b"j", b"e", b"F")


def as_vertica_error(error: Exception) -> VerticaError:
    """Return an error a client understands; what nobody foresaw is logged as well."""
    if isinstance(error, VerticaError):
        return error
    log.error("a statement failed in a way nobody foresaw", exc_info=error)
    return VerticaError("XX000", f"Internal error: {type(error).__name__}: {error}", 2000)


class Prepared:
    """A prepared statement: its text and what the engine says of it."""

    def __init__(self, text: str, engine: Session) -> None:
        self.text = text
        self.types: list[VType] = []
        self.fields: tuple[Field, ...] | None = None
        self.tag = ""
        if text:
            self.types, self.fields, self.tag = engine.describe(text)

    def bound(self, bind: messages.Bind) -> "Portal":
        """Return the statement with values; they come as text and get the parameters' types."""
        if len(bind.values) != len(self.types):
            message = f"Incorrect number of parameters for prepared statement {bind.statement}"
            raise VerticaError("26000", message, 3000)
        pairs = zip(bind.values, self.types, strict=True)
        values = [None if data is None else decode(data, vtype) for data, vtype in pairs]
        return Portal(self, values, binary=bind.binary)


class Portal:
    """A prepared statement with values, ready to run."""

    def __init__(self, prepared: Prepared, values: list[object], *, binary: bool) -> None:
        self.text = prepared.text
        self.types = prepared.types
        self.fields = prepared.fields
        self.tag = prepared.tag
        self.values = values
        self.binary = binary


class WireSession:
    """Speaks with one client until it leaves."""

    def __init__(self, line: Line, engine: Session, client: Mapping[str, str]) -> None:
        self.line = line
        self.engine = engine
        self.binary = client.get("binary_data_protocol") == "1"
        self.protocol = messages.negotiated(client.get("protocol_version", ""))
        # vertica-python sends Sync after a refused Parse or Describe, and reads no answer.
        self.is_hasty = client.get("client_type") == "vertica-python"
        self.prepared: dict[str, Prepared] = {}
        self.portals: dict[str, Portal] = {}
        self.told: dict[str, str] = {}
        self.is_skipping = False
        self.is_ready_unread = False

    # The conversation ----------------------------------------------------------------------

    def serve(self) -> None:
        """Answer messages until the client leaves."""
        self.send_ready()
        while True:
            self.line.flush()
            kind, body = self.line.read_message()
            if kind == b"X":
                return
            if kind == b"Q":
                self.query(body)
            elif kind == b"S":
                self.sync()
            elif not self.is_skipping and kind not in LEFT_OVER:
                self.extended(kind, body)

    def send(self, data: bytes) -> None:
        """Queue messages for the client."""
        self.line.send(data)

    def send_ready(self) -> None:
        """Say that the next query may come."""
        self.send(messages.ready(self.engine.transaction_status))

    def query(self, body: bytes) -> None:
        """Answer a simple query: each of its statements in turn, up to the first that fails."""
        try:
            statements = self.engine.statements(messages.Body(body).text())
            if not statements:
                self.send(messages.message(b"I"))
            for statement in statements:
                self.answer(self.engine.run(statement))
        except Exception as error:  # noqa: BLE001 - every fault becomes an ErrorResponse
            self.report(error)
        self.send_settings()
        self.send_ready()

    def answer(self, result: Result) -> None:
        """Send the answer to one statement of a simple query."""
        if isinstance(result, CopyNeeded):
            self.copy(result)
        elif isinstance(result, Rows):
            self.send_notices(result.notices)
            self.send(messages.row_description(result.fields, binary=self.binary))
            self.send_rows(result, binary=self.binary)
            self.send(messages.command_complete(result.tag))
        else:
            self.send_told(result)
            self.send(messages.command_complete(result.tag))

    def send_rows(self, result: Rows, *, binary: bool) -> None:
        """Send rows as they come from the engine."""
        columns = encoders(result.fields, binary=binary)
        for batch in result.batches:
            self.send(encode_rows(batch, columns))

    def send_told(self, result: Done) -> None:
        """Send what a statement without rows has to say; clients read settings before its end."""
        self.send_notices(result.notices)
        self.send_settings()

    def send_notices(self, notices: Sequence[str]) -> None:
        """Send what a statement has to say beside its answer."""
        for text in notices:
            self.send(messages.notice(text))

    def send_settings(self) -> None:
        """Tell the client which settings of its session have changed."""
        for name, value in self.engine.parameters.items():
            if self.told.get(name) != value:
                self.told[name] = value
                self.send(messages.parameter_status(name, value))

    def report(self, error: Exception) -> None:
        """Refuse with an error; a client that is gone is not told, a fatal error is the last."""
        if isinstance(error, messages.Disconnected):
            raise error
        refusal = as_vertica_error(error)
        self.line.ask(messages.error_response(refusal))
        if refusal.severity == "FATAL":
            raise messages.Disconnected

    # COPY ----------------------------------------------------------------------------------

    def copy(self, needed: CopyNeeded) -> None:
        """Load the client's data, from its STDIN or from its files."""
        flow = copyflow.CopyFlow(self.line, self.engine, self.protocol)
        if needed.is_local:
            flow.from_local(needed)
        else:
            flow.from_stdin(needed)

    # Prepared statements -------------------------------------------------------------------

    def extended(self, kind: bytes, body: bytes) -> None:
        """Answer one message of the extended protocol; after an error skip until Sync."""
        steps: dict[bytes, Callable[[messages.Body], None]] = {
            b"P": self.parse,
            b"D": self.describe,
            b"B": self.bind,
            b"E": self.execute,
            b"C": self.forget,
            b"H": lambda _: None,
        }
        try:
            if kind not in steps:
                raise VerticaError("08P01", f"Unexpected message {kind!r}", 4000)
            steps[kind](messages.Body(body))
        except Exception as error:  # noqa: BLE001 - every fault becomes an ErrorResponse
            self.report(error)
            self.is_skipping = True
            self.is_ready_unread = self.is_hasty and kind in (b"P", b"D")

    def sync(self) -> None:
        """End a run of extended messages."""
        self.is_skipping = False
        if self.is_ready_unread:
            self.is_ready_unread = False
            return
        self.send_settings()
        self.send_ready()

    def parse(self, body: messages.Body) -> None:
        """Keep a statement under a name."""
        name, text = body.text(), body.text()
        statements = self.engine.statements(text)
        if len(statements) > 1:
            message = "Cannot insert multiple commands into a prepared statement"
            raise VerticaError("42601", message, 3256)
        self.prepared[name] = Prepared(statements[0] if statements else "", self.engine)
        self.send(messages.message(b"1"))

    def describe(self, body: messages.Body) -> None:
        """Say what a prepared statement takes and gives."""
        is_statement, name = body.octets(1) == b"S", body.text()
        prepared = self.find_prepared(name) if is_statement else self.find_portal(name)
        types = [(vtype.oid, vtype.typmod) for vtype in prepared.types]
        self.send(messages.parameter_description(types) if is_statement else b"")
        if prepared.fields is None:
            self.send(messages.message(b"n"))
        else:
            self.send(messages.row_description(prepared.fields, binary=self.binary))
        self.send(messages.command_description(prepared.tag) if is_statement else b"")

    def bind(self, body: messages.Body) -> None:
        """Give values to a prepared statement."""
        bound = messages.read_bind(body.data)
        self.portals[bound.portal] = self.find_prepared(bound.statement).bound(bound)
        self.send(messages.message(b"2"))

    def execute(self, body: messages.Body) -> None:
        """Run a statement with the values bound to it.

        All rows are sent, whatever limit the client asks for; the end is PortalSuspended.
        """
        portal = self.find_portal(body.text())
        if not portal.text:
            self.send(messages.message(b"I"))
            return
        result = self.engine.run(portal.text, portal.values)
        if isinstance(result, CopyNeeded):
            raise VerticaError("0A000", "COPY FROM STDIN cannot be prepared", 2776)
        if isinstance(result, Rows):
            self.send_notices(result.notices)
            self.send_rows(result, binary=portal.binary)
        else:
            self.send_told(result)
        self.send(messages.message(b"s"))

    def find_prepared(self, name: str) -> Prepared:
        """Return a prepared statement."""
        if name not in self.prepared:
            raise VerticaError("26000", f'Prepared statement "{name}" does not exist', 4480)
        return self.prepared[name]

    def find_portal(self, name: str) -> Portal:
        """Return a statement with values."""
        if name not in self.portals:
            raise VerticaError("34000", f'Portal "{name}" does not exist', 4450)
        return self.portals[name]

    def forget(self, body: messages.Body) -> None:
        """Close a prepared statement or a portal."""
        is_statement, name = body.octets(1) == b"S", body.text()
        (self.prepared if is_statement else self.portals).pop(name, None)
        self.send(messages.message(b"3"))
