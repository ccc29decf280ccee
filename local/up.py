"""Keep the local servers running, with Prefect's dashboard, until Ctrl-C."""

import signal
from contextlib import ExitStack

from local.kept import check_kept
from local.lock import alone
from local.logs import tell
from local.paths import Paths, write_private
from local.prefect_home import serve_dashboard
from local.s3 import BUCKET, serve_s3
from local.servers import running_port
from local.warehouse import serve_vertica
from social_vault.errors import SettingsError


def refuse_twice(paths: Paths) -> None:
    """Let one set of servers run at a time: they keep their state in one folder."""
    if running_port(paths.address("vertica")):
        raise SettingsError("The local servers run already, in another terminal.")


def up(paths: Paths) -> None:
    """Start everything, say how to reach it, and wait for Ctrl-C."""
    with ExitStack() as stack:
        # Owned while they start; later commands use what runs and must not wait for Ctrl-C.
        with alone(paths):
            refuse_twice(paths)
            check_kept(paths)
            tell("Starting the local S3, the local Vertica and a Prefect server …")
            s3 = stack.enter_context(serve_s3(paths))
            vertica = stack.enter_context(serve_vertica(paths))
            prefect = stack.enter_context(serve_dashboard(paths))
        environment = s3.environment() | vertica.environment()
        environment["PREFECT_API_URL"] = prefect.address
        shell = paths.root / "env.sh"
        lines = (f"export {name}='{value}'\n" for name, value in environment.items())
        write_private(shell, "".join(lines))
        tell(f"Dashboard: {prefect.address.removesuffix('/api')}   bucket: {BUCKET}")
        tell(f"In another terminal: source {shell}")
        tell("Then `make run` uses these servers. Ctrl-C stops them.")
        try:
            signal.pause()
        except KeyboardInterrupt:
            tell("Stopping …")
