"""Cut Vertica SQL into tokens that know where they stand."""

import re
from dataclasses import dataclass
from typing import Literal

from local_vertica.errors import VerticaError

Kind = Literal["word", "quoted", "string", "number", "symbol", "end"]

TOKEN = re.compile(
    r"""
      (?P<space>\s+|--[^\n]*|/\*.*?\*/)
    | (?P<string>[Ee]'(?:[^'\\]|\\.|'')*'|(?:[NnXxBb]|[Uu]&)?'(?:[^']|'')*')
    | (?P<dollar>\$(?P<tag>[A-Za-z_]*)\$.*?\$(?P=tag)\$)
    | (?P<quoted>"(?:[^"]|"")*")
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<word>[A-Za-z_\x80-\U0010ffff][\w$\x80-\U0010ffff]*)
    | (?P<symbol>::!|::|<=>|<=|>=|<>|!=|\|\||/(?!\*)|[-+*%^<>=(),.;:?\[\]{}@&|~!\#$])
    """,
    re.VERBOSE | re.DOTALL,
)
E_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
E_ESCAPE = re.compile(r"\\([0-7]{1,3}|x[0-9A-Fa-f]{1,2}|.)|''", re.DOTALL)


@dataclass(frozen=True)
class Token:
    """A word, name, literal or symbol, with its place in the statement."""

    kind: Kind
    text: str
    start: int
    end: int

    @property
    def upper(self) -> str:
        """Return the keyword it may be; quoted names and literals are none."""
        return self.text.upper() if self.kind in ("word", "symbol") else ""


def syntax_error(token: Token) -> VerticaError:
    """Return the refusal Vertica words for a token that should not stand there."""
    if token.kind == "end":
        message = f"Syntax error at or near end of input at character {token.start + 1}"
    else:
        message = f'Syntax error at or near "{token.text}" at character {token.start + 1}'
    return VerticaError("42601", message, 4856)


def tokenize(sql: str, most: int | None = None) -> tuple[Token, ...]:
    """Return the tokens of a text, ended by one of kind 'end'; comments are dropped.

    With `most` only so many are read from a text that may be long.
    """
    tokens: list[Token] = []
    at = 0
    while at < len(sql) and len(tokens) != most:
        found = TOKEN.match(sql, at)
        if found is None:
            raise syntax_error(Token("symbol", sql[at : at + 20], at, len(sql)))
        at = found.end()
        if found.lastgroup != "space":
            tokens.append(Token(_kind(found), found.group(), found.start(), at))
    tokens.append(Token("end", "", at, at))
    return tuple(tokens)


def _kind(found: re.Match[str]) -> Kind:
    """Return the kind of token a match is."""
    for kind in ("word", "symbol", "number", "quoted"):
        if found.group(kind) is not None:
            return kind
    return "string"


def split_statements(sql: str) -> list[str]:
    """Return the statements between semicolons, without the empty ones."""
    statements: list[str] = []
    here: list[Token] = []
    for token in tokenize(sql):
        if token.kind != "end" and (token.text != ";" or _is_in_function(here)):
            here.append(token)
            continue
        if here:
            statements.append(sql[here[0].start : here[-1].end])
        here = []
    return statements


def _is_in_function(tokens: list[Token]) -> bool:
    """Say whether a statement so far is a function whose END is still to come."""
    words = [token.upper for token in tokens]
    head = words[1:4] if words[1:3] == ["OR", "REPLACE"] else words[1:2]
    if words[:1] != ["CREATE"] or head[-1:] != ["FUNCTION"] or "BEGIN" not in words:
        return False
    return words[-2:] != [";", "END"]


def string_value(token: Token) -> str:
    """Return what a string literal says."""
    text = token.text
    if text.startswith("$"):
        tag = text[: text.index("$", 1) + 1]
        return text[len(tag) : -len(tag)]
    if text[0] in "eE":
        return E_ESCAPE.sub(_unescape, text[2:-1])
    if text[0] != "'":
        raise VerticaError("0A000", f"String literal {text[:2]}… is not supported here")
    return text[1:-1].replace("''", "'")


def _unescape(found: re.Match[str]) -> str:
    """Return the character a backslash sequence stands for."""
    code = found.group(1)
    if code is None:
        return "'"
    if code[0] in "01234567":
        return chr(int(code, 8))
    if code[0] == "x" and len(code) > 1:
        return chr(int(code[1:], 16))
    return E_ESCAPES.get(code, code)


def name_value(token: Token) -> str:
    """Return the name a word or a quoted identifier says; refuse an over-long one."""
    name = token.text[1:-1].replace('""', '"') if token.kind == "quoted" else token.text
    if not name or len(name.encode()) > 128:
        message = f'Identifier "{name[:32]}…" is {len(name.encode())} octets long, limit 128'
        raise VerticaError("42622", message if name else "Zero-length delimited identifier", 4856)
    return name
