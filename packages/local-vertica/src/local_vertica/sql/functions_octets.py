"""Vertica's string functions that count octets: those whose names end in B."""

from __future__ import annotations

from local_vertica.sql.bound import INTEGER
from local_vertica.sql.signatures import SHORT_TEXT, Signature, same_length, signature

_LETTERS = "'abcdefghijklmnopqrstuvwxyz'", "'ABCDEFGHIJKLMNOPQRSTUVWXYZ'"
_PLACE = (signature("text text", INTEGER, "v_octet_place({0}, {1})"),)

OCTET_FUNCTIONS: dict[str, tuple[Signature, ...]] = {
    "INITCAPB": (signature("text", same_length, "v_initcapb({0})"),),
    "INSTRB": _PLACE,
    "LOWERB": (signature("text", same_length, f"translate({{0}}, {_LETTERS[1]}, {_LETTERS[0]})"),),
    "OVERLAYB": (
        signature("text text int", SHORT_TEXT, "v_overlayb({0}, {1}, {2}, strlen({1}))"),
        signature("text text int int", SHORT_TEXT, "v_overlayb({0}, {1}, {2}, {3})"),
    ),
    "POSITIONB": (signature("text text", INTEGER, "v_octet_place({1}, {0})"),),
    "STRPOSB": _PLACE,
    "SUBSTRB": (
        signature("text int", same_length, "v_substrb({0}, {1}, strlen({0}))"),
        signature("text int int", same_length, "v_substrb({0}, {1}, {2})"),
    ),
    "UPPERB": (signature("text", same_length, f"translate({{0}}, {_LETTERS[0]}, {_LETTERS[1]})"),),
}
# LENGTH and its synonyms have no name of their own for it: the blanks keep users from calling it.
COUNTED_OCTETS = "LENGTH USING OCTETS"
OCTET_FUNCTIONS[COUNTED_OCTETS] = (
    signature("text", INTEGER, "strlen({0})"),
    signature("octets", INTEGER, "octet_length({0})"),
)
