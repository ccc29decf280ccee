"""Bad records of every kind, each with the rules it breaks.

A maker gets a number that no good record has as a key, and a good line of the file; it returns the
octets of a bad record and its reasons. A blank line has none: it is counted, not refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Bad:
    """One bad record, or one blank line."""

    octets: bytes
    reasons: tuple[str, ...]


Maker = Callable[[int, bytes], Bad]


def bad(text: str, *reasons: str) -> Bad:
    """Make a bad record of a text, with its line end."""
    return Bad(text.encode() + b"\n", reasons)


def repeated(reason: str) -> Maker:
    """Make a maker that says a good line again."""
    return lambda _number, line: Bad(line, (reason,))


def blank(_number: int, _line: bytes) -> Bad:
    """Make an empty line, which is counted and refused for nothing."""
    return Bad(b"\n", ())


LONG_NAME = "я" * 101  # 202 octets: an octet limit is no character limit
LONG_MESSAGE = "о" * 4001

USERS: tuple[Maker, ...] = (
    blank,
    lambda n, _: bad(f"{n},сова,2021-01-01 10:00:00,Chad", "record: too few fields"),
    lambda n, _: bad(f"{n},сова,2021-01-01 10:00:00,Chad,30,1", "record: too many fields"),
    lambda n, _: bad(f'{n},со"ва,2021-01-01 10:00:00,Chad,30', "record: stray quote"),
    lambda n, _: bad(f'{n},"сова,2021-01-01 10:00:00,Chad,30', "record: unclosed quote"),
    lambda n, _: bad(f"{n},со\x00ва,2021-01-01 10:00:00,Chad,30", "record: control character"),
    lambda n, _: Bad(b"%d,\xd1,2021-01-01 10:00:00,Chad,30\n" % n, ("record: not UTF-8",)),
    lambda _, __: bad(",сова,2021-01-01 10:00:00,Chad,30", "id: missing"),
    lambda n, _: bad(f"{n}x,сова,2021-01-01 10:00:00,Chad,30", "id: not an integer"),
    lambda n, _: bad(f"-{n},сова,2021-01-01 10:00:00,Chad,30", "id: out of range"),
    lambda n, _: bad(f"{n},{LONG_NAME},2021-01-01 10:00:00,Chad,30", "chat_name: too long"),
    lambda n, _: bad(f"{n},сова,,Chad,30", "registration_dt: missing"),
    lambda n, _: bad(f"{n},сова,2021-02-30 10:00:00,Chad,30", "registration_dt: not a timestamp"),
    lambda n, _: bad(f"{n},сова,2021-01-01 10:00:00,Chad,34.5", "age: not an integer"),
    lambda n, _: bad(
        f"{n},сова,01.02.2021,Chad,340", "registration_dt: not a timestamp", "age: out of range"
    ),
    repeated("id: duplicate"),
)
GROUPS: tuple[Maker, ...] = (
    blank,
    lambda n, _: bad(f"{n},1,лис,2021-01-01 10:00:00", "record: too few fields"),
    lambda n, _: bad(f'{n},1,"лис" и кот,2021-01-01 10:00:00,1', "record: stray quote"),
    lambda n, _: bad(f"{n},,лис,2021-01-01 10:00:00,1", "admin_id: missing"),
    lambda n, _: bad(f"{n},1,{LONG_NAME},2021-01-01 10:00:00,1", "group_name: too long"),
    lambda n, _: bad(f"{n},1,лис,0000-00-00 00:00:00,1", "registration_dt: not a timestamp"),
    lambda n, _: bad(f"{n},1,лис,2021-01-01 10:00:00,maybe", "is_private: not a boolean"),
    repeated("id: duplicate"),
)
DIALOGS: tuple[Maker, ...] = (
    blank,
    lambda n, _: bad(f"{n},2021-02-01 10:00:00,1,2,привет, друзья,", "record: too many fields"),
    lambda n, _: bad(f"{n},2021-02-01 10:00:00,1,2,привет", "record: too few fields"),
    lambda n, _: bad(f'{n},2021-02-01 10:00:00,1,2,диван 2" новый,', "record: stray quote"),
    lambda n, _: bad(f'{n},2021-02-01 10:00:00,1,2,"не закрыта,', "record: unclosed quote"),
    lambda n, _: bad(f"{n},2021-02-01 10:00:00,1,2,звон\x07ок,", "record: control character"),
    lambda n, _: Bad(b"%d,2021-02-01 10:00:00,1,2,\xff\xfe,\n" % n, ("record: not UTF-8",)),
    lambda n, _: bad(f"{n},2021-02-01 25:00:00,1,2,час,", "message_ts: not a timestamp"),
    lambda n, _: bad(f"{n},2021-02-01 10:00:00,,2,кто я,", "message_from: missing"),
    lambda n, _: bad(f"{n},2021-02-01 10:00:00,1,друг,кому,", "message_to: not an integer"),
    lambda n, _: bad(f"{n},2021-02-01 10:00:00,1,2,{LONG_MESSAGE},", "message: too long"),
    lambda n, _: bad(f"{n},2021-02-01 10:00:00,1,2,где,-3", "message_group: out of range"),
    repeated("message_id: duplicate"),
)
GROUP_LOG: tuple[Maker, ...] = (
    blank,
    lambda n, _: bad(f"0,{n},,add", "record: too few fields"),
    lambda n, _: bad(f"0,{n},,add,2021-02-01 10:00:00,", "record: too many fields"),
    lambda n, _: bad(f",{n},,add,2021-02-01 10:00:00", "group_id: missing"),
    lambda n, _: bad(f"0,{n}.5,,add,2021-02-01 10:00:00", "user_id: not an integer"),
    lambda n, _: bad(f"0,{n},friend,add,2021-02-01 10:00:00", "user_id_from: not an integer"),
    lambda n, _: bad(f"0,{n},,added,2021-02-01 10:00:00", "event: unknown value"),
    lambda n, _: bad(f"0,{n},,add,soon", "event_dt: not a timestamp"),
    lambda _, __: bad(
        "0,99999999999999999999,,join,",
        "user_id: not an integer",
        "event: unknown value",
        "event_dt: missing",
    ),
    repeated("record: duplicate"),
)
# Only the tables that the sample has; a first run shows each of these reasons.
MAKERS: Mapping[str, tuple[Maker, ...]] = {
    "users": USERS,
    "groups": GROUPS,
    "dialogs": DIALOGS,
    "group_log": GROUP_LOG,
}
