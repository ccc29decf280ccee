"""Cut Vertica SQL into tokens; comments and hints vanish."""

import re
from dataclasses import dataclass
from typing import Literal

from local_vertica.errors import VerticaError

Kind = Literal["word", "quoted", "string", "number", "binary", "op", "parameter", "end"]

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|--[^\n]*)
  | (?P<escaped>[eE]'(?:[^'\\]|''|\\.)*')
  | (?P<unicode>[uU]&'(?:[^']|'')*')
  | (?P<hex>[xX]'[0-9a-fA-F]*')
  | (?P<bits>[bB]'[01]*')
  | (?P<string>'(?:[^']|'')*')
  | (?P<dollar>\$(?P<tag>[A-Za-z_]\w*)?\$.*?\$(?P=tag)\$|\$\$.*?\$\$)
  | (?P<quoted>"(?:[^"]|"")+")
  | (?P<number>0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>(?:[^\W\d]|[^\x00-\x7f])(?:[\w$]|[^\x00-\x7f\s])*)
  | (?P<op>::!|\|\|/|<=>|~\#\*|~~\*|!~\#\*|!~~\*|!~\#|!~~|~~|~\#
      |::|<=|>=|<>|!=|\|\||\|/|//|!!|<<|>>|[-+*/%^=<>()\[\],.;&|\#~!@?:])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_UNICODE = re.compile(r"\\(?:\+([0-9a-fA-F]{6})|([0-9a-fA-F]{4})|(\\))")
MAX_IDENTIFIER_OCTETS = 128


@dataclass(frozen=True, slots=True)
class Token:
    """One token: `word` is its upper-case text if it may be a keyword, `value` its meaning."""

    kind: Kind
    word: str
    value: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a statement, closed by one of kind `end`."""
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        if text.startswith("/*", position):
            position = _after_comment(text, position)
            continue
        match = _TOKEN.match(text, position)
        if match is None:
            raise _unreadable(text, position)
        if match.lastgroup != "space":
            _append(tokens, _token(match), text)
        position = match.end()
    tokens.append(Token("end", "", "EOL", len(text), len(text)))
    return tokens


def _append(tokens: list[Token], token: Token, text: str) -> None:
    """Add a token; a string on a new line goes on with the string before it."""
    last = tokens[-1] if tokens else token
    between = text[last.end : token.start]
    if not (last.kind == token.kind == "string" and "\n" in between and between.isspace()):
        tokens.append(token)
        return
    match = _TOKEN.match(f"E{text[token.start : token.end]}")
    more = _token(match).value if match and text[last.start] in "eE" else token.value
    tokens[-1] = Token("string", "", last.value + more, last.start, token.end)


def _token(match: re.Match[str]) -> Token:
    group = next(name for name in _READERS if match[name] is not None)
    return _READERS[group](match)


def _word(match: re.Match[str]) -> Token:
    return Token("word", match[0].upper(), _short(match[0]), match.start(), match.end())


def _quoted(match: re.Match[str]) -> Token:
    name = match[0][1:-1].replace('""', '"')
    return Token("quoted", "", _short(name), match.start(), match.end())


def _operator(match: re.Match[str]) -> Token:
    kind: Kind = "parameter" if match[0] == "?" else "op"
    return Token(kind, match[0], match[0], match.start(), match.end())


def _number(match: re.Match[str]) -> Token:
    follower = match.string[match.end() : match.end() + 1]
    if follower.isalpha() or follower == "_":
        raise _unreadable(match.string, match.end())
    return Token("number", "", match[0], match.start(), match.end())


def _string(match: re.Match[str]) -> Token:
    return Token("string", "", match[0][1:-1].replace("''", "'"), match.start(), match.end())


def _escaped(match: re.Match[str]) -> Token:
    value = _ESCAPE.sub(_unescape, match[0][2:-1].replace("''", "'"))
    try:
        value = value.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeError as error:
        raise VerticaError("22021", "Invalid byte sequence for encoding UTF8", 3640) from error
    return Token("string", "", value, match.start(), match.end())


def _unicode(match: re.Match[str]) -> Token:
    body = match[0][3:-1].replace("''", "'")
    if "\\" in _UNICODE.sub("", body):
        raise _unreadable(match.string, match.start())
    value = _UNICODE.sub(lambda m: m[3] or chr(int(m[1] or m[2], 16)), body)
    return Token("string", "", value, match.start(), match.end())


def _dollar(match: re.Match[str]) -> Token:
    mark = len(match["tag"] or "") + 2
    return Token("string", "", match[0][mark:-mark], match.start(), match.end())


def _hex(match: re.Match[str]) -> Token:
    digits = match[0][2:-1]
    value = digits if len(digits) % 2 == 0 else "0" + digits
    return Token("binary", "", value.lower(), match.start(), match.end())


def _bits(match: re.Match[str]) -> Token:
    bits = match[0][2:-1]
    octets = -(-len(bits) // 8)
    value = f"{int(bits or '0', 2):0{2 * octets}x}" if octets else ""
    return Token("binary", "", value, match.start(), match.end())


_READERS = {
    "word": _word,
    "op": _operator,
    "string": _string,
    "number": _number,
    "quoted": _quoted,
    "escaped": _escaped,
    "unicode": _unicode,
    "hex": _hex,
    "bits": _bits,
    "dollar": _dollar,
}


def _unescape(match: re.Match[str]) -> str:
    hexadecimal, octal, unicode, letter = match.groups()
    if letter is not None:
        return _LETTERS.get(letter, letter)
    if unicode is not None:
        return chr(int(unicode, 16))
    octet = int(octal, 8) & 255 if octal is not None else int(hexadecimal, 16)
    return chr(octet) if octet < 128 else chr(0xDC00 + octet)


def _short(name: str) -> str:
    if len(name) * 4 > MAX_IDENTIFIER_OCTETS and len(name.encode()) > MAX_IDENTIFIER_OCTETS:
        raise VerticaError(
            "42622",
            f'Identifier "{name}" is {len(name.encode())} octets long. '
            f"Maximum limit is {MAX_IDENTIFIER_OCTETS} octets",
            4107,
        )
    return name


def _after_comment(text: str, start: int) -> int:
    end = text.find("*/", start + 2)
    if end < 0:
        raise VerticaError("42601", 'Unterminated "/*" comment', 5169)
    return end + 2


def _unreadable(text: str, position: int) -> VerticaError:
    if text[position] == "'":
        return VerticaError("42601", "Unterminated quoted string", 5170)
    return VerticaError("42601", f'Syntax error at or near "{text[position]}"', 4856)
