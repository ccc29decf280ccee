"""Read CREATE, ALTER and DROP RESOURCE POOL and PROFILE."""

import re
from collections.abc import Callable, Iterable, Sequence

from local_vertica.ddl.lexer import syntax_error
from local_vertica.ddl.reader import Reader
from local_vertica.ddl.user_nodes import DefinePool, DefineProfile, DropPool, DropProfile
from local_vertica.errors import VerticaError

SIZE = re.compile(r"\d+[KMGT]|(?:100|[1-9]?\d)%", re.IGNORECASE)
HELD = "-999"  # what PRIORITY HOLD sets
PRIORITIES = range(-100, 101)


def bad_value(parameter: str, value: object) -> VerticaError:
    """Return the refusal of a value that a parameter cannot have."""
    return VerticaError("22023", f"Invalid value for parameter {parameter}: {value}")


def _size(reader: Reader, parameter: str) -> str:
    """Read 'n%' or 'n{K|M|G|T}'."""
    text = reader.string()
    if not SIZE.fullmatch(text):
        raise bad_value(parameter, text)
    return text.upper()


def _count(reader: Reader, parameter: str, least: int = 1) -> str:
    """Read a whole number that is not below the least."""
    number = reader.integer()
    if number < least:
        raise bad_value(parameter, number)
    return str(number)


def _time(reader: Reader, parameter: str) -> str:
    """Read seconds, or an interval in quotes."""
    if reader.token.kind == "string":
        return reader.string()
    return _count(reader, parameter, 0)


def _interval(reader: Reader, _parameter: str) -> str:
    """Read an interval in quotes."""
    return reader.string()


def _priority(reader: Reader, parameter: str) -> str:
    """Read a priority of queries, or HOLD."""
    if reader.accept("HOLD"):
        return HELD
    number = reader.integer()
    if number not in PRIORITIES:
        raise bad_value(parameter, number)
    return str(number)


def _threshold(reader: Reader, parameter: str) -> str:
    """Read how many seconds a query may take before its priority counts."""
    return _count(reader, parameter, 0)


def _words(*words: str) -> Callable[[Reader, str], str]:
    """Return a reader of one of some words."""
    return lambda reader, _parameter: reader.choose(*words)


def _cpus(reader: Reader, _parameter: str) -> str:
    """Read a list, mask or share of processors."""
    return reader.string()


def _pool(reader: Reader, _parameter: str) -> str:
    """Read TO and the name of another pool."""
    reader.expect("TO")
    return reader.name().lower()


# What each parameter takes, beside DEFAULT, and the words it takes instead.
SETTINGS: dict[str, tuple[Callable[[Reader, str], str], Sequence[str]]] = {
    "CASCADE": (_pool, ()),
    "CPUAFFINITYMODE": (_words("SHARED", "EXCLUSIVE", "ANY"), ()),
    "CPUAFFINITYSET": (_cpus, ("NONE",)),
    "EXECUTIONPARALLELISM": (_count, ("AUTO",)),
    "MAXCONCURRENCY": (_count, ("NONE",)),
    "MAXMEMORYSIZE": (_size, ("NONE",)),
    "MAXQUERYMEMORYSIZE": (_size, ("NONE",)),
    "MEMORYSIZE": (_size, ()),
    "PLANNEDCONCURRENCY": (_count, ("AUTO",)),
    "PRIORITY": (_priority, ()),
    "QUEUETIMEOUT": (_time, ("NONE",)),
    "RUNTIMECAP": (_interval, ("NONE",)),
    "RUNTIMEPRIORITY": (_words("HIGH", "MEDIUM", "LOW"), ()),
    "RUNTIMEPRIORITYTHRESHOLD": (_threshold, ()),
    "SINGLEINITIATOR": (_words("TRUE", "FALSE"), ()),
}
# The least and the most that a limit of passwords can be.
LIMITS: dict[str, tuple[int, int | None]] = {
    **dict.fromkeys(
        (
            "PASSWORD_LIFE_TIME", "PASSWORD_GRACE_TIME", "FAILED_LOGIN_ATTEMPTS",
            "PASSWORD_LOCK_TIME", "PASSWORD_REUSE_MAX", "PASSWORD_REUSE_TIME",
        ),
        (1, None),
    ),
    **dict.fromkeys(
        (
            "PASSWORD_MIN_LIFE_TIME", "PASSWORD_MIN_LENGTH", "PASSWORD_MIN_LETTERS",
            "PASSWORD_MIN_UPPERCASE_LETTERS", "PASSWORD_MIN_LOWERCASE_LETTERS",
            "PASSWORD_MIN_DIGITS", "PASSWORD_MIN_SYMBOLS", "PASSWORD_MIN_CHAR_CHANGE",
        ),
        (0, None),
    ),
    "PASSWORD_MAX_LENGTH": (8, 512),
}  # fmt: skip


def read_define_pool(reader: Reader, *, is_new: bool) -> DefinePool:
    """Read what follows CREATE or ALTER RESOURCE."""
    reader.expect("POOL")
    name = reader.name().lower()
    _refuse_subcluster(reader)
    found = _each(reader, SETTINGS, _setting)
    if not (found or is_new):
        raise syntax_error(reader.token)
    reader.end()
    return DefinePool(name, is_new, found)


def _each(
    reader: Reader, known: Iterable[str], read: Callable[[Reader, str], str | None]
) -> tuple[tuple[str, str | None], ...]:
    """Read parameters and their values, none of them twice."""
    found: dict[str, str | None] = {}
    while reader.token.kind == "word":
        start = reader.token
        parameter = reader.choose(*known)
        if parameter in found:
            raise syntax_error(start)
        found[parameter] = read(reader, parameter)
    return tuple(found.items())


def _refuse_subcluster(reader: Reader) -> None:
    """Refuse a pool of a subcluster: only a database in Eon mode has any."""
    if reader.accept("FOR"):
        raise VerticaError("0A000", "There are no subclusters here", 4160)


def _setting(reader: Reader, parameter: str) -> str | None:
    """Read a parameter's value, None for DEFAULT."""
    read, words = SETTINGS[parameter]
    if reader.accept("DEFAULT") or (parameter == "CASCADE" and reader.accept("TO", "DEFAULT")):
        return None
    return reader.take().upper if reader.token.upper in words else read(reader, parameter)


def read_drop_pool(reader: Reader) -> DropPool:
    """Read what follows DROP RESOURCE."""
    reader.expect("POOL")
    name = reader.name().lower()
    _refuse_subcluster(reader)
    reader.end()
    return DropPool(name)


def _profile_name(reader: Reader) -> str:
    """Read a profile's name; DEFAULT is the one every user begins with."""
    return "default" if reader.accept("DEFAULT") else reader.name()


def read_define_profile(reader: Reader, *, is_new: bool) -> DefineProfile:
    """Read what follows CREATE or ALTER PROFILE."""
    name = _profile_name(reader)
    reader.expect("LIMIT")
    found = _each(reader, LIMITS, _limit)
    reader.end()
    return DefineProfile(name, is_new, found)


def _limit(reader: Reader, parameter: str) -> str | None:
    """Read a number, UNLIMITED or DEFAULT."""
    if reader.accept("DEFAULT"):
        return None
    if reader.accept("UNLIMITED"):
        return "unlimited"
    least, most = LIMITS[parameter]
    number = reader.integer()
    if number < least or (most is not None and number > most):
        raise bad_value(parameter, number)
    return str(number)


def read_drop_profile(reader: Reader) -> DropProfile:
    """Read what follows DROP PROFILE."""
    if_exists = reader.accept("IF", "EXISTS")
    names = [_profile_name(reader)]
    while reader.accept(","):
        names.append(_profile_name(reader))
    cascade = reader.accept("CASCADE")
    reader.end()
    return DropProfile(tuple(names), if_exists, cascade)
