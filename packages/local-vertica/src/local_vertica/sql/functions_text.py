"""Vertica's string and binary functions."""

from __future__ import annotations

from collections.abc import Sequence

from local_vertica.sql.bound import BOOLEAN, FLOAT, INTEGER, UUID, Bound, varchar
from local_vertica.sql.casts import text_length
from local_vertica.sql.signatures import Signature, same_length, signature
from local_vertica.types import VType

OCTETS = VType("VARBINARY", length=65_000)
LONGEST = varchar(65_000)


def _sum_of_lengths(args: Sequence[Bound]) -> VType:
    return varchar(min(sum(text_length(arg.vtype) for arg in args), 65_000))


def _filled(args: Sequence[Bound]) -> VType:
    return varchar(int(args[1].number) * 4 if args[1].number else 65_000)


def _octets(args: Sequence[Bound]) -> str:
    arg = args[0]
    if arg.vtype.name == "CHAR":
        return f"(CASE WHEN {arg.sql} IS NOT NULL THEN CAST({arg.vtype.length} AS BIGINT) END)"
    return f"strlen({arg.sql})"


def _first(args: Sequence[Bound]) -> str:
    """LEFT of a negative count is empty in Vertica."""
    count = args[1]
    safe = count.sql if count.number and count.number.isdigit() else f"greatest({count.sql}, 0)"
    return f"left({args[0].sql}, {safe})"


def _last(args: Sequence[Bound]) -> str:
    count = args[1]
    safe = count.sql if count.number and count.number.isdigit() else f"greatest({count.sql}, 0)"
    return f"right({args[0].sql}, {safe})"


def _hash(name: str, digits: int, template: str) -> dict[str, tuple[Signature, ...]]:
    return {
        name: (
            signature("text", varchar(digits), template),
            signature("octets", varchar(digits), template),
        )
    }


def _long_hash(name: str, digits: int) -> dict[str, tuple[Signature, ...]]:
    call = f"v_{name.lower()}({{0}})"
    return {
        name: (
            signature("text", varchar(digits), call.format("encode({0})")),
            signature("octets", varchar(digits), call),
        )
    }


def _padding(side: str) -> tuple[Signature, ...]:
    return (
        signature("text int", _filled, f"v_{side}pad({{0}}, {{1}}, ' ')"),
        signature("text int text", _filled, f"v_{side}pad({{0}}, {{1}}, {{2}})"),
    )


def _trimming(function: str) -> tuple[Signature, ...]:
    return (
        signature("text", same_length, f"{function}({{0}}, ' ')"),
        signature("text text", same_length, f"{function}({{0}}, {{1}})"),
    )


_LENGTH = (
    signature("text", INTEGER, "length({0})"),
    signature("octets", INTEGER, "octet_length({0})"),
)
_SUBSTRING = (
    signature("text int", same_length, "v_substr({0}, {1})"),
    signature("text int int", same_length, "v_substr_for({0}, {1}, {2})"),
    signature("octets int", lambda args: args[0].vtype, "array_slice({0}, {1}, octet_length({0}))"),
    signature("octets int int", lambda args: args[0].vtype, "array_slice({0}, {1}, {1} + {2} - 1)"),
)
_INSTR = (
    signature("text text", INTEGER, "instr({0}, {1})"),
    signature("text text int", INTEGER, "v_instr({0}, {1}, {2}, 1)"),
    signature("text text int int", INTEGER, "v_instr({0}, {1}, {2}, {3})"),
)
_POSITION = (signature("text text", INTEGER, "instr({1}, {0})"),)
_OVERLAY = (
    signature("text text int", _sum_of_lengths, "v_overlay({0}, {1}, {2}, length({1}))"),
    signature("text text int int", _sum_of_lengths, "v_overlay({0}, {1}, {2}, {3})"),
)
_SPLIT = (signature("text text int", same_length, "v_split_part({0}, {1}, {2})"),)
_SHORT = varchar(64)

TEXT_FUNCTIONS: dict[str, tuple[Signature, ...]] = {
    "ASCII": (signature("text", INTEGER, "CAST(ascii({0}) AS BIGINT)"),),
    "BIT_LENGTH": (
        signature("text", INTEGER, "(strlen({0}) * 8)"),
        signature("octets", INTEGER, "(octet_length({0}) * 8)"),
    ),
    "BITCOUNT": (signature("octets", INTEGER, "CAST(bit_count(CAST({0} AS BIT)) AS BIGINT)"),),
    "BITSTRING_TO_BINARY": (signature("text", OCTETS, "v_unbits({0})"),),
    "BTRIM": _trimming("trim"),
    "CHAR_LENGTH": _LENGTH,
    "CHARACTER_LENGTH": _LENGTH,
    "CHR": (signature("int", varchar(4), "chr(CAST({0} AS INTEGER))"),),
    "CONCAT": (signature("text text", _sum_of_lengths, "({0} || {1})"),),
    "EDIT_DISTANCE": (signature("text text", INTEGER, "levenshtein({0}, {1})"),),
    "HEX_TO_BINARY": (signature("text", OCTETS, "v_unhex({0})"),),
    "HEX_TO_INTEGER": (signature("text", INTEGER, "v_hex_integer({0})"),),
    "INITCAP": (signature("text", same_length, "v_initcap({0})"),),
    "INSERT": (signature("text int int text", _sum_of_lengths, "v_overlay({0}, {3}, {1}, {2})"),),
    "INSTR": _INSTR,
    "ISUTF8": (signature("text", BOOLEAN, "({0} IS NOT NULL)"),),
    "JARO_DISTANCE": (signature("text text", FLOAT, "jaro_similarity({0}, {1})"),),
    "JARO_WINKLER_DISTANCE": (signature("text text", FLOAT, "v_jaro_winkler({0}, {1})"),),
    "LEFT": (signature("text int", same_length, _first),),
    "LENGTH": _LENGTH,
    "LOWER": (signature("text", same_length, "lower({0})"),),
    "LPAD": _padding("l"),
    "LTRIM": _trimming("ltrim"),
    **_hash("MD5", 32, "md5({0})"),
    "OCTET_LENGTH": (
        signature("text", INTEGER, _octets),
        signature("octets", INTEGER, "octet_length({0})"),
    ),
    "OVERLAY": _OVERLAY,
    "POSITION": _POSITION,
    "QUOTE_IDENT": (signature("text", _sum_of_lengths, "v_quote_ident({0})"),),
    "QUOTE_LITERAL": (signature("text", LONGEST, "('''' || replace({0}, '''', '''''') || '''')"),),
    "QUOTE_NULLABLE": (
        signature("text", LONGEST, "coalesce('''' || replace({0}, '''', '''''') || '''', 'NULL')"),
    ),
    "REPEAT": (signature("text int", LONGEST, "repeat({0}, {1})"),),
    "REPLACE": (signature("text text text", LONGEST, "v_replace({0}, {1}, {2})"),),
    "RIGHT": (signature("text int", same_length, _last),),
    "RPAD": _padding("r"),
    "RTRIM": _trimming("rtrim"),
    **_hash("SHA1", 40, "sha1({0})"),
    **_hash("SHA256", 64, "sha256({0})"),
    **_long_hash("SHA224", 56),
    **_long_hash("SHA384", 96),
    **_long_hash("SHA512", 128),
    "SPACE": (signature("int", LONGEST, "repeat(' ', {0})"),),
    "SPLIT_PART": _SPLIT,
    "STRPOS": (signature("text text", INTEGER, "instr({0}, {1})"),),
    "SUBSTR": _SUBSTRING,
    "SUBSTRING": _SUBSTRING,
    "TO_BITSTRING": (signature("octets", LONGEST, "CAST(CAST({0} AS BIT) AS VARCHAR)"),),
    "THROW_ERROR": (signature("text", LONGEST, "v_throw({0})"),),
    "TO_HEX": (
        signature("int", varchar(16), "lower(to_hex({0}))"),
        signature("octets", LONGEST, "lower(hex({0}))"),
    ),
    "SOUNDEX": (signature("text", varchar(4), "v_soundex({0})"),),
    "SOUNDEX_MATCHES": (
        signature("text text", INTEGER, "v_same_places(v_soundex({0}), v_soundex({1}))"),
    ),
    "TRANSLATE": (signature("text text text", same_length, "translate({0}, {1}, {2})"),),
    "TRIM": _trimming("trim"),
    "UPPER": (signature("text", same_length, "upper({0})"),),
    "URI_PERCENT_DECODE": (signature("text", LONGEST, "v_percent_decode({0})"),),
    "URI_PERCENT_ENCODE": (signature("text", LONGEST, "url_encode(replace({0}, '+', ' '))"),),
    "UUID_GENERATE": (signature("", UUID, "gen_random_uuid()"),),
}
