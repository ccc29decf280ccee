"""The elements of a JSON list as they were written: an octet of a number is an octet of evidence.

Why not load and dump them: `1.10` would come out as `1.1`, a number of twenty digits as another
one, and of a name that stands twice in an object one value would be gone. What is wrong within an
element is left in it, for the contract to refuse with its reason.
"""

import re
from dataclasses import dataclass
from json import JSONDecodeError
from json.decoder import JSONDecoder

SPACE = re.compile(r"[ \t\r\n]*")
DECODER = JSONDecoder()  # takes NaN and lone surrogates, too: the contract refuses them


@dataclass(frozen=True)
class Element:
    """One object of a list: its values to look into, and its text in one line."""

    values: dict[str, object]
    text: str

    def key(self, name: str) -> str:
        """Return the value of its key as a text; raise NotElementsError where it has none."""
        value = self.values.get(name)
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise NotElementsError(f"an element has no {name}")
        return str(value)


class NotElementsError(Exception):
    """A text is no list of objects; the message says in a few words why, without its content."""


def elements_of(text: str) -> tuple[Element, ...]:
    """Cut a JSON list into its objects; raise NotElementsError for what is none."""
    at = _behind_space(text, 0)
    if not text.startswith("[", at):
        raise NotElementsError("it does not begin with [")
    found = list[Element]()
    at = _behind_space(text, at + 1)
    if text.startswith("]", at):
        return _ended(text, at, found)
    while True:
        element, at = _element(text, at)
        found.append(element)
        at = _behind_space(text, at)
        if text.startswith("]", at):
            return _ended(text, at, found)
        if not text.startswith(",", at):
            raise NotElementsError("it is cut")
        at = _behind_space(text, at + 1)


def _element(text: str, start: int) -> tuple[Element, int]:
    try:
        values, end = DECODER.raw_decode(text, start)
    except (JSONDecodeError, RecursionError):
        raise NotElementsError("it is cut, or not JSON") from None
    if not isinstance(values, dict):
        raise NotElementsError("an element is no object")
    # Within texts JSON has no line breaks but as \n: those that stand here are white space.
    line = text[start:end].replace("\r", " ").replace("\n", " ")
    return Element(values, line), end


def _ended(text: str, at: int, found: list[Element]) -> tuple[Element, ...]:
    if _behind_space(text, at + 1) != len(text):
        raise NotElementsError("something follows its end")
    return tuple(found)


def _behind_space(text: str, at: int) -> int:
    space = SPACE.match(text, at)
    return space.end() if space else at
