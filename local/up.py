"""Keep the local servers running, with Prefect's dashboard, until Ctrl-C."""

import signal
from contextlib import ExitStack

from local.lock import alone
from local.logs import tell
from local.places import Places, write_private
from local.prefect_home import serve_dashboard
from local.s3 import BUCKET, serve_s3
from local.servers import ServerError, running_port
from local.warehouse import serve_vertica


def refuse_twice(places: Places) -> None:
    """Let one set of servers run at a time: they keep their state in one folder."""
    if running_port(places.address("vertica")):
        raise ServerError("The local servers run already, in another terminal.")


def up(places: Places) -> None:
    """Start everything, say how to reach it, and wait for Ctrl-C."""
    with ExitStack() as stack:
        with alone(places):
            refuse_twice(places)
            tell("Starting the local S3, the local Vertica and a Prefect server …")
            s3 = stack.enter_context(serve_s3(places))
            vertica = stack.enter_context(serve_vertica(places))
            prefect = stack.enter_context(serve_dashboard(places))
        environment = s3.environment() | vertica.environment()
        environment["PREFECT_API_URL"] = prefect.address
        shell = places.root / "env.sh"
        lines = (f"export {name}='{value}'\n" for name, value in environment.items())
        write_private(shell, "".join(lines))
        tell(f"Dashboard: {prefect.address.removesuffix('/api')}   bucket: {BUCKET}")
        tell(f"In another terminal: source {shell}")
        tell("Then `make run` uses these servers. Ctrl-C stops them.")
        try:
            signal.pause()
        except KeyboardInterrupt:
            tell("Stopping …")
