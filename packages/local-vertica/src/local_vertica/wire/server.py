"""The listening server: one thread a connection, up to the point where the session takes over."""

import logging
import secrets
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

from local_vertica.catalog.model import User
from local_vertica.engine.database import Database
from local_vertica.errors import VerticaError
from local_vertica.statements import Session, open_session
from local_vertica.wire import auth, login, messages
from local_vertica.wire.line import Line
from local_vertica.wire.session import WireSession, as_vertica_error
from local_vertica.wire.tls import server_context

log = logging.getLogger(__name__)

SECONDS_TO_START = 60.0
SECONDS_TO_RECOVER = 0.1


@dataclass(frozen=True)
class Door:
    """Who may come in, and how."""

    password: str | None = None
    method: auth.Method = "sha512"
    tls: ssl.SSLContext | None = None


class Server:
    """Listens on a port; every client gets a thread and a session of the database."""

    def __init__(self, address: tuple[str, int], database: Database, door: Door) -> None:
        self.database = database
        self.door = door
        database.has_certificate = door.tls is not None
        self.listener = socket.create_server(address, backlog=64)
        self.sessions: dict[int, tuple[int, Session]] = {}
        self.guard = threading.Lock()
        self.is_closing = False

    @property
    def address(self) -> tuple[str, int]:
        """Return the host and the port it listens on."""
        host, port = self.listener.getsockname()[:2]
        return str(host), int(port)

    def serve(self) -> None:
        """Accept clients until the listener is closed."""
        while not self.is_closing:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                if not self.is_closing:
                    log.exception("no further client can be accepted for now")
                    time.sleep(SECONDS_TO_RECOVER)
                continue
            try:
                threading.Thread(target=self.welcome, args=(connection,), daemon=True).start()
            except RuntimeError:
                log.exception("a client was sent away: there is no thread for it")
                connection.close()

    def close(self) -> None:
        """Stop listening and close the database, which ends every session."""
        self.is_closing = True
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.database.close()

    def welcome(self, connection: socket.socket) -> None:
        """Lead one client from its first byte to its last."""
        line = Line(connection)
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            Reception(self, line).receive()
        except (messages.Disconnected, OSError):
            log.debug("a client went away")
        except Exception:
            log.exception("a connection ended in a way nobody foresaw")
        finally:
            line.close()

    def admit(self, session: Session) -> tuple[int, int]:
        """Remember a session under the pair of numbers that a cancel request names."""
        pid, key = secrets.randbits(31), secrets.randbits(32)
        with self.guard:
            self.sessions[pid] = (key, session)
        return pid, key

    def dismiss(self, pid: int) -> None:
        """Forget a session."""
        with self.guard:
            self.sessions.pop(pid, None)

    def cancel(self, pid: int, key: int) -> None:
        """Stop what a session is doing, if the key is its own."""
        with self.guard:
            expected, session = self.sessions.get(pid, (None, None))
        if expected is not None and session is not None and expected == key:
            session.cancel()


class Reception:
    """A connection before it has a session: TLS, cancel requests, settings, the password."""

    def __init__(self, server: Server, line: Line) -> None:
        self.server = server
        self.door = server.door
        self.line = line

    def receive(self) -> None:
        """Answer the requests that may come before the start-up message, then that one."""
        self.line.connection.settimeout(SECONDS_TO_START)
        while True:
            code, body = self.line.read_startup()
            if code == messages.LOAD_BALANCE:
                self.answer_load_balance()
            elif code == messages.SSL_REQUEST:
                self.answer_tls()
            elif code == messages.CANCEL_REQUEST:
                fields = messages.Body(body)
                self.server.cancel(fields.number("I"), fields.number("I"))
                return
            elif code == messages.STARTUP:
                self.start(messages.read_settings(body))
                return
            else:
                self.refuse(VerticaError("08P01", f"Unsupported frontend protocol {code}", 5167))
                return

    def answer_tls(self) -> None:
        """Begin TLS where the server has a certificate, else say no."""
        context = server_context(self.server.database.catalog, self.door.tls)
        if context is None:
            self.line.ask(b"N")
            return
        self.line.ask(b"S")
        self.line.secure(context)

    def start(self, settings: dict[str, str]) -> None:
        """Check the password, open the session and let it talk."""
        user = settings.get("user", "")
        settings["ssl_state"] = self.ssl_state
        try:
            settings["authentication_method"] = self.check_password(user)
            self.refuse_locked(user)
            engine = open_session(self.server.database, user, settings)
        except messages.Disconnected:
            raise
        except Exception as error:  # noqa: BLE001 - the client is told why it may not come in
            self.refuse(as_vertica_error(error))
            return
        pid, key = self.server.admit(engine)
        try:
            self.converse(engine, settings, (pid, key))
        finally:
            self.server.dismiss(pid)
            engine.close()

    @property
    def ssl_state(self) -> str:
        """Say whose certificate was shown: the server's, both, or none."""
        connection = self.line.connection
        if not isinstance(connection, ssl.SSLSocket):
            return "None"
        return "Mutual" if connection.getpeercert() else "Server"

    @property
    def is_encrypted(self) -> bool:
        """Say whether the client speaks TLS."""
        return isinstance(self.line.connection, ssl.SSLSocket)

    def check_password(self, user: str) -> str:
        """Ask for the password and compare it; return how the user was let in."""
        catalog = self.server.database.catalog
        known = catalog.users.get(user.lower())
        host = str(self.line.connection.getpeername()[0])
        way = login.way_in(catalog, user, login.Caller(host, is_encrypted=self.is_encrypted))
        question = self.question(user, known, way)
        if question is None:
            return "Trust"
        self.line.ask(messages.authentication(question.code, question.data))
        kind, answer = self.line.read_message(longest=messages.LONGEST_STARTUP)
        if way == "reject" or kind != b"p" or not question.accepts(answer):
            message = f'Invalid username or password for user "{user}"'
            raise VerticaError("28000", message, 2248, severity="FATAL")
        if known is not None and known.is_expired:
            self.line.ask(messages.authentication(auth.EXPIRED))
            raise messages.Disconnected
        return "Password"

    def refuse_locked(self, user: str) -> None:
        """Refuse a user whose account is locked, whoever it is that knows the password."""
        known = self.server.database.catalog.users.get(user.lower())
        if known is not None and known.locked_at:
            message = f'The user account "{known.name}" is locked'
            raise VerticaError("28000", message, 4974, severity="FATAL")

    def question(self, user: str, known: User | None, way: str) -> auth.Challenge | None:
        """Return what a user is asked: for the own password, else for the server's."""
        if way == "trust":
            return None
        if known is not None and known.password_hash:
            return auth.own_challenge(known)
        if self.door.password is None and way != "reject":
            return None
        method = "sha512" if self.door.password is None else self.door.method
        return auth.challenge(method, user, self.door.password or "")

    def converse(self, engine: Session, settings: dict[str, str], numbers: tuple[int, int]) -> None:
        """Send what a client must know, then hand over to the session."""
        self.line.connection.settimeout(None)
        session = WireSession(self.line, engine, settings)
        session.send(messages.authentication(auth.OK))
        session.send(messages.parameter_status("protocol_version", str(session.protocol)))
        session.send(messages.parameter_status("request_complex_types", "off"))
        session.send_settings()
        session.send(messages.backend_key(*numbers))
        session.serve()

    def answer_load_balance(self) -> None:
        """Name the one node there is, if the database's policy is to spread connections."""
        if self.server.database.load_balance_policy == "NONE":
            self.line.ask(b"N")
        else:
            host, port = self.line.connection.getsockname()[:2]
            self.line.ask(messages.load_balance(host, port))

    def refuse(self, error: VerticaError) -> None:
        """Say why and close."""
        error.severity = "FATAL"
        self.line.ask(messages.error_response(error))
