"""The whole way on a laptop: servers, data, the flow, the answer; then everything is stopped."""

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.kept import check_kept, forget
from local.lock import alone
from local.logs import is_no_news, tell
from local.paths import Paths
from local.prefect_home import reach_prefect
from local.s3 import BUCKET, LocalS3, reach_s3
from local.sample import generate
from local.servers import LOOPBACK
from local.upload import FILES, fingerprint, upload
from local.warehouse import reach_vertica
from social_vault.commands import keep_log, show_progress
from social_vault.errors import SourceError
from social_vault.model.catalogue import catalogue

if TYPE_CHECKING:
    from social_vault.answers.run_report import RunReport

DEFAULT_SCALE = 0.02
# What would lead the clients elsewhere than to the local servers.
FOREIGN = (
    "AWS_ENDPOINT_URL",
    "AWS_PROFILE",
    "AWS_SESSION_TOKEN",
    "VERTICA_BACKUP_NODES",
    "VERTICA_TLS_CAFILE",
)


@dataclass(frozen=True)
class Wish:
    """What the user asked for."""

    data: Path | None = None
    answer: Path | None = None
    scale: float = DEFAULT_SCALE
    fresh: bool = False


def run(paths: Paths, wish: Wish) -> None:
    """Run the flow against local servers and print what it found; raise what stops it."""
    with ExitStack() as stack:
        stack.enter_context(alone(paths))
        if wish.fresh:
            forget(paths)
        check_kept(paths)
        tell("Starting Prefect, the local S3 and the local Vertica …")
        # Prefect first: it takes longest, and is only waited for when all else is done.
        prefect = stack.enter_context(reach_prefect(paths))
        s3 = stack.enter_context(reach_s3(paths))
        vertica = stack.enter_context(reach_vertica(paths))
        prefix = provide(paths, wish, s3)
        point_at(s3.environment() | vertica.environment())
        flows = import_flows()
        tell(f"Waiting for Prefect at {prefect.address} …")
        prefect.wait()
        report = flows(paths, wish, prefix)
        tell("Stopping what was started …")
    conclude(paths, wish, report)


def point_at(servers: Mapping[str, str]) -> None:
    """Point this process at the local servers, and away from any other ones it was pointed at."""
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ.update(servers)
    # A company's proxy would be asked for loopback, too; both spellings are read.
    spared = (os.environ.get("NO_PROXY"), os.environ.get("no_proxy"), LOOPBACK, "localhost")
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = ",".join(filter(None, spared))


def provide(paths: Paths, wish: Wish, s3: LocalS3) -> str:
    """Lay the files into the bucket; return the prefix under which they are."""
    if wish.data is None:
        folder, prefix = paths.sample / f"{wish.scale:g}", f"sample-{wish.scale:g}/"
        if not folder.exists():
            tell(f"Making sample data (scale {wish.scale:g}) in {folder} …")
            make_sample(folder, wish.scale)
    else:
        check_files(wish.data)
        # Other bytes, another prefix: edited files are new objects and not new versions.
        folder, prefix = wish.data, f"data-{fingerprint(wish.data)}/"
    tell(f"Uploading {folder} to s3://{BUCKET}/{prefix} …")
    warn_of_mixture(upload(s3, folder, prefix, tell))
    return prefix


def warn_of_mixture(earlier: Sequence[str]) -> None:
    """Say that the answer is over earlier files, too: nobody expects his own among samples."""
    if earlier:
        tell(f"  The warehouse was also given {', '.join(earlier)}: the answer is over all of it.")
        tell("  FRESH=1 forgets that first.")


def make_sample(folder: Path, scale: float) -> None:
    """Make a sample; its folder appears when it is complete."""
    # A run that is stopped while it writes must not leave half a sample for the next.
    draft = folder.with_name(f"{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    generate(draft, scale)
    draft.rename(folder)


def check_files(folder: Path) -> None:
    """Refuse a folder in which no file feeds a table."""
    if not any((folder / name).exists() for name in FILES):
        raise SourceError(f"{folder} holds none of {', '.join(FILES)}.")


def import_flows() -> Callable[[Paths, Wish, str], "RunReport"]:
    """Import the flows, and only now, as Prefect reads its environment when it is imported."""
    from prefect.settings import (  # noqa: PLC0415
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        temporary_settings,
    )

    from flows.apply_schema import apply_schema  # noqa: PLC0415
    from flows.social_network import social_network  # noqa: PLC0415

    def load(paths: Paths, wish: Wish, prefix: str) -> "RunReport":
        keep_log(paths.log("run"))
        show_progress(told=lambda record: not is_no_news(record))
        # The thread of the heartbeats takes a second to end, for a run that lasts a few.
        with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
            apply_schema(["social_network"])
            return social_network(
                BUCKET,
                prefix=prefix,
                always_answer=True,  # who types `make run` wants to see it, new objects or not
                answer_file=str(wish.answer) if wish.answer else None,
                picture_file=str(paths.picture),
            )

    return load


def conclude(paths: Paths, wish: Wish, report: "RunReport") -> None:
    """Print the report, where things are, and what to try next."""
    from social_vault.report.text import render_text  # noqa: PLC0415 - Prefect must not be imported before its home is set

    tell("")
    tell(render_text(report))
    tell("")
    tell(f"Picture:       {paths.picture}")
    if wish.answer:
        tell(f"Answer as CSV: {wish.answer}")
    rejects = ", ".join(table.rejects for table in catalogue().of_source(""))
    tell(f"Rejects:       staging.{rejects}")
    tell("")
    tell("Try next:")
    tell('  .venv/bin/python -m local sql "SELECT * FROM staging.dialogs_rej LIMIT 5"')
    tell('  .venv/bin/python -m local sql "SELECT * FROM dwh.group_conversion"')
    tell("  make run                  again: nothing is new, nothing changes")
    tell("  make run DATA=folder      your own CSV files; ANSWER=file.csv keeps the answer,")
    tell("                            FRESH=1 forgets first what was loaded before")
    tell("  make up                   the servers and Prefect's dashboard, until Ctrl-C")
