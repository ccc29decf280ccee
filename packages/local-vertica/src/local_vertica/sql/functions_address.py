"""Vertica's functions of addresses of the internet."""

from __future__ import annotations

from local_vertica.sql.bound import INTEGER, varchar
from local_vertica.sql.signatures import Signature, signature
from local_vertica.types import VType

_ADDRESS = VType("VARBINARY", length=16)
_SHOWN = varchar(46)
_SUBNET = varchar(50)


def _of_either(takes: str, gives: VType, template: str) -> tuple[Signature, ...]:
    """Return a function of an address's octets that takes its text, too."""
    return (
        signature(f"text{takes}", gives, template.replace("{0}", "v_address({0})")),
        signature(f"octets{takes}", gives, template),
    )


ADDRESS_FUNCTIONS: dict[str, tuple[Signature, ...]] = {
    "INET_ATON": (signature("text", INTEGER, "v_inet_aton({0})"),),
    "INET_NTOA": (signature("int", varchar(15), "v_inet_ntoa({0})"),),
    "V6_ATON": (signature("text", _ADDRESS, "v_address({0})"),),
    "V6_NTOA": (signature("octets", _SHOWN, "v_shown_address({0})"),),
    "V6_SUBNETA": _of_either(
        " int", _SUBNET, "(v_shown_address(v_subnet({0}, {1})) || '/' || {1})"
    ),
    "V6_SUBNETN": _of_either(" int", _ADDRESS, "v_subnet({0}, {1})"),
    "V6_TYPE": _of_either("", INTEGER, "v_address_kind({0})"),
}
