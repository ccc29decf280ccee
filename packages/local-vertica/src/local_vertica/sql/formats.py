"""Template patterns of TO_CHAR and of its opposites."""

from __future__ import annotations

import re

from local_vertica.errors import VerticaError
from local_vertica.sql.bound import Bound, text
from local_vertica.sql.refusals import unsupported

# Longest first; what is not here is copied as it stands.
_TIME = re.compile(
    r'"[^"]*"|HH24|HH12|HH|MI|SSSSS|SSSS|SS|MS|US|A\.M\.|P\.M\.|AM|PM|Y,YYY|YYYY|YYY|YY|Y'
    r"|IYYY|IYY|IY|I(?!W)|B\.C\.|A\.D\.|BC|AD|MONTH|MON|MM|DAY|DY|DDD|DD|D|WW|W|IW|CC|J|Q|RM"
    r"|TZ|FM|TH|SP",
    re.IGNORECASE,
)
_TEXTS = {
    "HH24": ("%H", "02d"),
    "HH12": ("%I", "02d"),
    "HH": ("%H", "02d"),
    "MI": ("%M", "02d"),
    "SS": ("%S", "02d"),
    "MS": ("%g", ""),
    "US": ("%f", ""),
    "YYYY": ("%Y", ""),
    "YY": ("%y", ""),
    "MM": ("%m", ""),
    "DD": ("%d", ""),
    "DDD": ("%j", ""),
    "IYYY": ("%G", ""),
    "IW": ("%V", ""),
}
_CASED = {
    "MONTH": ("%B", 9),
    "MON": ("%b", 0),
    "DAY": ("%A", 9),
    "DY": ("%a", 0),
    "AM": ("%p", 0),
    "PM": ("%p", 0),
}
_HALVES = frozenset({"AM", "PM", "A.M.", "P.M."})
_COMPUTED = {
    "SSSS": "CAST(epoch({0}) AS BIGINT) % 86400",
    "SSSSS": "CAST(epoch({0}) AS BIGINT) % 86400",
    "Y,YYY": "format('{{:,}}', year({0}))",
    "YYY": "right(strftime({0}, '%Y'), 3)",
    "Y": "right(strftime({0}, '%Y'), 1)",
    "IYY": "right(strftime({0}, '%G'), 3)",
    "IY": "right(strftime({0}, '%G'), 2)",
    "I": "right(strftime({0}, '%G'), 1)",
    "D": "(dayofweek({0}) + 1)",
    "W": "((day({0}) - 1) // 7 + 1)",
    "WW": "printf('%02d', (dayofyear({0}) - 1) // 7 + 1)",
    "CC": "printf('%02d', century({0}))",
    "J": "CAST(julian({0}) AS BIGINT)",
    "Q": "quarter({0})",
    "RM": "v_roman_month(month({0}))",
}


def time_text(value: Bound, pattern: str) -> str:
    """Return a date or time written by a pattern."""
    moment = _as_timestamp(value)
    pattern = _with_hours(pattern)
    pieces: list[str] = []
    plain = ""
    fill = True
    for token in _tokens(pattern):
        word = token.upper()
        if word == "FM":
            fill = False
            continue
        known = _TEXTS.get(word)
        if word == "HH24" and value.vtype.is_day_time:
            hours = f"printf('%02d', epoch_us({value.sql}) // 3600000000)"
            pieces, plain = [*pieces, *_flushed(plain, moment), hours], ""
        elif known and fill:
            plain += known[0]
        elif token[0] == '"':
            plain += token[1:-1].replace("%", "%%")
        elif not _TIME.fullmatch(token):
            plain += token.replace("%", "%%")
        else:
            pieces += [*_flushed(plain, moment), _piece(token, moment, fill)]
            plain = ""
    pieces += _flushed(plain, moment)
    return pieces[0] if len(pieces) == 1 else "(" + " || ".join(pieces or ["''"]) + ")"


def _with_hours(pattern: str) -> str:
    """Return the pattern with HH for the hour of half a day where a mark of the half stands."""
    words = {token.upper() for token in _tokens(pattern)}
    if _HALVES.isdisjoint(words):
        return pattern
    return re.sub(r"HH(?!12|24)", "HH12", pattern, flags=re.IGNORECASE)


def _flushed(plain: str, moment: str) -> list[str]:
    return [f"strftime({moment}, {text(plain)})"] if plain else []


def _as_timestamp(value: Bound) -> str:
    if value.vtype.name in ("TIMESTAMP", "DATE"):
        return value.sql
    if value.vtype.name in ("TIME", "TIMETZ") or value.vtype.is_day_time:
        return f"(TIMESTAMP '2000-01-01 00:00:00' + {_interval(value)})"
    return f"CAST({value.sql} AS TIMESTAMP)"


def _interval(value: Bound) -> str:
    return value.sql if value.vtype.is_day_time else f"to_microseconds(epoch_us({value.sql}))"


def _tokens(pattern: str) -> list[str]:
    found, position = [], 0
    for match in _TIME.finditer(pattern):
        if match.start() > position:
            found.append(pattern[position : match.start()])
        found.append(match[0])
        position = match.end()
    if position < len(pattern):
        found.append(pattern[position:])
    return found


def _piece(token: str, moment: str, fill: bool) -> str:
    word = token.upper()
    if word in _TEXTS:
        return f"CAST(CAST(strftime({moment}, '{_TEXTS[word][0]}') AS BIGINT) AS VARCHAR)"
    if word in _CASED:
        return _cased(token, moment, fill)
    if word in _COMPUTED:
        return f"CAST({_COMPUTED[word].format(moment)} AS VARCHAR)"
    if word in ("A.M.", "P.M."):
        marks = ("a.m.", "p.m.") if token.islower() else ("A.M.", "P.M.")
        return f"(CASE WHEN hour({moment}) < 12 THEN '{marks[0]}' ELSE '{marks[1]}' END)"
    if word in ("BC", "AD", "B.C.", "A.D."):
        eras = ("BC", "AD") if len(word) == 2 else ("B.C.", "A.D.")
        shown = tuple(era.lower() if token.islower() else era for era in eras)
        return f"(CASE WHEN year({moment}) <= 0 THEN '{shown[0]}' ELSE '{shown[1]}' END)"
    raise unsupported(f'The pattern "{token}"')


def _cased(token: str, moment: str, fill: bool) -> str:
    code, width = _CASED[token.upper()]
    shown = f"strftime({moment}, '{code}')"
    if token.islower():
        shown = f"lower({shown})"
    elif token.isupper() or token[1].isupper():
        shown = f"upper({shown})"
    return f"rpad({shown}, {width}, ' ')" if width and fill else shown


# How strptime reads a token, and what it may be made of.
_READ = {
    "HH24": ("%H", r"\d{1,2}"),
    "HH12": ("%I", r"\d{1,2}"),
    "HH": ("%H", r"\d{1,2}"),
    "MI": ("%M", r"\d{1,2}"),
    "SS": ("%S", r"\d{1,2}"),
    "MS": ("%g", r"\d{1,3}"),
    "US": ("%f", r"\d{1,6}"),
    "YYYY": ("%Y", r"\d{1,4}"),
    "YY": ("%y", r"\d{2}"),
    "MM": ("%m", r"\d{1,2}"),
    "DD": ("%d", r"\d{1,2}"),
    "DDD": ("%j", r"\d{1,3}"),
    "MONTH": ("%B", r"[A-Za-z]+"),
    "MON": ("%b", r"[A-Za-z]{3}"),
    "DAY": ("%A", r"[A-Za-z]+"),
    "DY": ("%a", r"[A-Za-z]{3}"),
    "AM": ("%p", r"[AaPp][Mm]"),
    "PM": ("%p", r"[AaPp][Mm]"),
}
_ERAS = frozenset({"BC", "AD", "B.C.", "A.D."})


def parsed_time(subject: str, pattern: str) -> str:
    """Return a text read by a pattern as a timestamp; what follows the pattern is left alone."""
    made, shape, has_era = "", "", False
    tokens = _read_tokens(pattern.rstrip())
    has_half = not {"AM", "PM"}.isdisjoint(token.upper() for token in tokens)
    for token in tokens:
        word = "HH12" if has_half and token.upper() == "HH" else token.upper()
        if word in _READ:
            made, shape = made + _READ[word][0], shape + _READ[word][1]
        elif word in _ERAS:
            has_era = True
        elif word != "FM":
            plain = _plain(token)
            made, shape = made + plain.replace("%", "%%"), shape + re.escape(plain)
    if has_era:
        made, shape = made.rstrip(), shape.removesuffix(re.escape(" "))
    read = f"strptime(regexp_extract({subject}, {text('^' + shape)}), {text(made)})"
    return f"v_of_era({read}, {subject})" if has_era else read


def _read_tokens(pattern: str) -> list[str]:
    """Return the tokens up to the last that reads something; a zone at the end says nothing."""
    tokens = _tokens(pattern)
    while tokens and (tokens[-1].upper() == "TZ" or not _TIME.fullmatch(tokens[-1])):
        tokens.pop()
    return tokens


def _plain(token: str) -> str:
    if token[0] == '"':
        return token[1:-1]
    if _TIME.fullmatch(token):
        raise unsupported(f'The pattern "{token}" for reading')
    return token


_NUMBER = re.compile(r"(FM)?(S|MI|PL|SG|\$|L)?([09,]*)(?:[.D]([09]*))?(S|MI|PR)?", re.IGNORECASE)


def number_text(value: Bound, pattern: str) -> str:
    """Return a number written by a pattern of 9, 0, comma, point and sign."""
    match = _NUMBER.fullmatch(pattern.replace("G", ","))
    if match is None or not (match[3] or match[4]):
        raise VerticaError("22023", f'Invalid TO_CHAR pattern "{pattern}" for a number', 3900)
    fill, before, whole, fraction, after = match.groups()
    if (before or "").upper() not in ("", "$", "L") or after:
        raise unsupported(f'The pattern "{pattern}"')
    places = len(fraction or "")
    digits = whole.replace(",", "")
    zeros = len(digits) - digits.index("0") if "0" in digits else 0
    grouped = "TRUE" if "," in whole else "FALSE"
    forced = (fraction or "").rindex("0") + 1 if "0" in (fraction or "") else 0
    kept = forced if fill else places
    numbers = f"{len(digits)}, {places}, {zeros}, {grouped}, {kept}"
    width = 0 if fill else len(whole) + (places + 1 if fraction is not None else 0) + 1
    mark = "$" if before else ""
    return f"v_number_text({value.sql}, {numbers}, {width + len(mark)}, '{mark}')"
