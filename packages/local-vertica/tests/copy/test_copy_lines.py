"""The look over a file of lines, block by block, against the same over the whole."""

import mmap
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_vertica.copy import lines

common = st.sampled_from([b"a", b"b", b"ab", b"a\n", b"ab\n", b'"'])
rare = st.sampled_from([b"\n", b"\\", b"\r", b"\0", lines.BOM])
pieces = st.integers(0, 9).flatmap(lambda number: common if number else rare)
texts = st.lists(pieces, min_size=1, max_size=20).map(b"".join)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every place lie near the edge of a block."""
    monkeypatch.setattr(lines, "BLOCK", 4)


@contextmanager
def file_of(text: bytes) -> Iterator[mmap.mmap]:
    """Lend a text as a mapped file."""
    with mmap.mmap(-1, len(text)) as octets:
        octets[:] = text
        yield octets


@given(text=texts)
def test_a_file_is_surveyed(text: bytes) -> None:
    """Lines are counted, and none that DuckDB would misread is taken."""
    misread = text.startswith((lines.BOM, b"\n")) or any(
        one in text for one in (b"\r", b"\0", b"\\", b"\n\n")
    )

    with file_of(text) as octets:
        found = lines.survey(octets, b"\\", b'"')

    assert found == (None if misread else lines.Survey(len(text.splitlines()), b'"' in text))


@given(text=texts, start=st.integers(0, 3), sequence=st.sampled_from([b"a", b"\\", b"ab", b"a\n"]))
def test_a_sequence_is_found_wherever_it_stands(text: bytes, start: int, sequence: bytes) -> None:
    """A pair is met also where a block ends between its octets."""
    with file_of(text) as octets:
        assert lines.holds(octets, start, sequence) == (sequence in text[start:])


@given(text=texts, data=st.data())
def test_a_line_is_found_by_its_number(text: bytes, data: st.DataObject) -> None:
    """The bounds of a line hold what stands between its end and the one before."""
    whole = text.split(b"\n")
    wanted = sorted(data.draw(st.sets(st.sampled_from(range(len(whole))), min_size=1)))

    with file_of(text) as octets:
        starts, ends = lines.line_bounds(octets, np.array(wanted))

    found = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    assert found == [whole[number] for number in wanted]
