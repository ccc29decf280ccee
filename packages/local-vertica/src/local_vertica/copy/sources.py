"""Find the input of a COPY: what the client sent, or what the server's paths name."""

import glob
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from local_vertica.copy.context import CopyContext, SpooledSource
from local_vertica.copy.options import Compression, CopyStatement
from local_vertica.copy.options import Path as NamedPath
from local_vertica.errors import VerticaError

STDIN = "STDIN (Batch No. 1)"


@dataclass(frozen=True)
class Input:
    """One source: its name in rejects, its packing, and the loan of a local file with it."""

    name: str
    compression: Compression
    file: AbstractContextManager[Path]
    exchange: bytes | None = None


def inputs_of(
    context: CopyContext, statement: CopyStatement, sent: Sequence[SpooledSource]
) -> Iterator[Input]:
    """Yield the sources in the order of the statement."""
    if statement.source.kind == "server":
        for path in statement.source.paths:
            yield from server_inputs(context, path)
        return
    for source in sent:
        name = STDIN if statement.source.kind == "stdin" else source.name
        file = nullcontext(source.path)
        yield Input(name, packing(statement, source), file, source.exchange)


def packing(statement: CopyStatement, source: SpooledSource) -> Compression:
    """Return the compression of what the client sent: that of the pattern which names it."""
    paths = statement.source.paths
    if not paths:
        return statement.source.compression
    if len({path.compression for path in paths}) == 1:
        return paths[0].compression
    matching = (
        path for path in paths if path.text == source.name or fnmatch(source.name, path.text)
    )
    return next(matching, paths[0]).compression


def server_inputs(context: CopyContext, path: NamedPath) -> Iterator[Input]:
    """Yield the files that a path names, on the server's disk or in S3."""
    if path.text.lower().startswith("s3://"):
        # Loading boto3 takes a quarter of a second, which few servers need to spend.
        from local_vertica.copy.s3 import Bucket  # noqa: PLC0415

        bucket = Bucket.of(path.text, context.parameter)
        for key in bucket.matching():
            name = f"s3://{bucket.name}/{key}"
            yield Input(name, path.compression, bucket.fetched(key, context.spool_folder))
        return
    if "://" in path.text:
        raise VerticaError("0A000", f"COPY: no such kind of source here: [{path.text}]")
    is_pattern = glob.has_magic(path.text)
    found = sorted(glob.glob(path.text)) if is_pattern else [path.text]  # noqa: PTH207 - as written
    if not found:
        message = f"No source files found matching specified patterns: [{path.text}]"
        raise VerticaError("58V01", message, 7869)
    for name in found:
        yield Input(name, path.compression, nullcontext(readable(name)))


def readable(name: str) -> Path:
    """Return a file that can be read, or refuse it."""
    path = Path(name)
    try:
        with path.open("rb"):
            return path
    except OSError as error:
        message = f"Could not open file [{name}] for reading; {error.strerror}"
        raise VerticaError("58V01", message, 2886) from None
