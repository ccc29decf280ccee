"""Raw text: what a refused record was can be told octet for octet."""

from hypothesis import example, given
from hypothesis import strategies as st
from support.drawing import draws

from social_vault.records.copy_format import (
    FIELD,
    LONGEST_RAW,
    MISSING,
    RECORD,
    decode_raw,
    encode_raw,
)

TEXTS = st.text().map(str.encode)


@draws(100)
@given(st.one_of(st.binary(max_size=200), TEXTS))
@example(b"\\x00 is text, \x00 is not")
@example("я\\".encode() + b"\xd1")
def test_encoded_raw_text_decodes_to_the_same_octets(raw):
    """Encoding loses nothing, and says itself how it is to be read."""
    text, encoding = encode_raw(raw)

    assert decode_raw(text, encoding) == raw


@draws(100)
@given(st.binary(max_size=200))
def test_encoded_raw_text_fits_into_the_format_of_copy(raw):
    """No separator, missing mark, NUL or other control character is in encoded text."""
    text, _ = encode_raw(raw)

    assert not set(text) & {FIELD, RECORD, MISSING, "\x00", "\x7f"}
    assert all(mark >= " " or mark in "\t\n\r" for mark in text)


def test_plain_text_stands_as_it_is():
    """Tabs, line feeds, backslashes and Cyrillic stay readable."""
    assert encode_raw('1,"a\r\n\\b",\tя'.encode()) == ('1,"a\r\n\\b",\tя', "utf8")


def test_damaged_text_stays_readable_around_the_damage():
    """Only the damaged octets and backslashes are written otherwise."""
    assert encode_raw("я\\".encode() + b"\x00\xff") == ("я\\\\\\x00\\xff", "escaped")


def test_long_raw_text_is_cut_to_what_the_column_holds():
    """A cut text decodes to a true beginning, also where the cut falls into a character."""
    for raw in (b"a" + "я".encode() * LONGEST_RAW, b"\xff" * LONGEST_RAW, b"\\\x00" * LONGEST_RAW):
        text, encoding = encode_raw(raw)

        kept = decode_raw(text, encoding)
        assert len(text.encode()) <= LONGEST_RAW
        assert raw.startswith(kept)
        assert len(kept) >= LONGEST_RAW // 4
