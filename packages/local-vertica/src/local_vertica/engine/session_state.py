"""What a session is and has set: parameters, identifiers, the last COPY's counts."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from local_vertica.errors import VerticaError

READ_COMMITTED, SERIALIZABLE = "READ COMMITTED", "SERIALIZABLE"


@dataclass(frozen=True)
class TransactionModes:
    """Isolation level and access mode of a transaction."""

    isolation: str = READ_COMMITTED
    read_only: bool = False

    def require_write(self, what: str) -> None:
        """Refuse what READ ONLY does not allow; its number in Vertica is not documented."""
        if self.read_only:
            raise VerticaError("25006", f"{what} cannot be run in a read-only transaction")


USUAL = TransactionModes()


@dataclass
class SessionState:
    """Values that SET changes and session functions answer."""

    number: int
    user: str
    node_name: str
    client: dict[str, str]
    autocommit: bool = False
    modes: TransactionModes = USUAL
    timezone: str = "UTC"
    locale: str = "en_US@collation=binary"
    datestyle: str = "ISO, MDY"
    intervalstyle: str = "plain"
    escape_string_warning: bool = True
    standard_conforming_strings: bool = True
    settings: dict[str, str] = field(default_factory=dict)
    login: datetime = field(default_factory=lambda: datetime.now(UTC))
    accepted: int = 0
    rejected: int = 0
    last_identity: int | None = None  # drawn for an IDENTITY column by the last INSERT or COPY
    statement_id: int = 0
    caps: dict[str, str] = field(default_factory=dict)  # limits, by name; the rest have none
    pool: str | None = None  # set for this session; None is the user's
    roles: frozenset[str] = frozenset()  # enabled by SET ROLE, perhaps taken away since

    @property
    def session_id(self) -> str:
        """Return the identifier as v_monitor.sessions shows it."""
        return f"{self.node_name}-{self.number}:0x{self.number:x}"

    @property
    def client_label(self) -> str:
        """Return the label the client gave the session."""
        return self.client.get("client_label", "")
