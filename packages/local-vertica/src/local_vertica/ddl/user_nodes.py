"""What the statements for users say, how they come in, and for what is secret."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Roles:
    """What SET ROLE and DEFAULT ROLE name: these roles, or ALL but these."""

    names: tuple[str, ...] = ()
    all_but: bool = False


@dataclass(frozen=True)
class AlterUser:
    """ALTER USER: another password, another algorithm for it, its end, other default roles."""

    name: str
    password: str | None = field(default=None, repr=False)
    replaces: str | None = field(default=None, repr=False)  # the password before
    algorithm: str | None = None
    expires: bool = False
    roles: Roles | None = None
    pool: str | None = None
    profile: str | None = None
    locks: bool | None = None
    search_path: tuple[str, ...] | None = None  # () is the default


@dataclass(frozen=True)
class CreateUser:
    """CREATE USER or ROLE."""

    name: str
    is_role: bool
    if_not_exists: bool
    options: AlterUser


@dataclass(frozen=True)
class CreateAuthentication:
    """CREATE AUTHENTICATION; access is LOCAL, HOST, HOST TLS or HOST NO TLS."""

    name: str
    method: str
    access: str
    address: str


@dataclass(frozen=True)
class DropSecret:
    """DROP AUTHENTICATION, KEY or CERTIFICATE."""

    kind: str
    names: tuple[str, ...]
    if_exists: bool
    cascade: bool


@dataclass(frozen=True)
class CreateKey:
    """CREATE KEY: of a length, or of a text."""

    name: str
    length: int | None
    pem: str = field(repr=False)


@dataclass(frozen=True)
class CreateCertificate:
    """CREATE [CA] CERTIFICATE: for a subject, or of a text; a name that was not said is ""."""

    name: str
    is_ca: bool
    pem: str = ""
    subject: str = ""
    signed_by: str = ""
    days: int = 0
    extensions: tuple[tuple[str, str], ...] = ()
    key: str = ""


@dataclass(frozen=True)
class ConfigureTls:
    """ALTER TLS CONFIGURATION; what was not said is None or empty, CERTIFICATE NULL is ""."""

    name: str
    certificate: str | None = None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    mode: str | None = None


@dataclass(frozen=True)
class DefinePool:
    """CREATE or ALTER RESOURCE POOL; what is to have its default is None."""

    name: str
    is_new: bool
    settings: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class DropPool:
    """DROP RESOURCE POOL."""

    name: str


@dataclass(frozen=True)
class DefineProfile:
    """CREATE or ALTER PROFILE; a limit that is DEFAULT is None."""

    name: str
    is_new: bool
    limits: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class DropProfile:
    """DROP PROFILE."""

    names: tuple[str, ...]
    if_exists: bool
    cascade: bool
