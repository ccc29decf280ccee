"""Keep the local servers running, with Prefect's dashboard, until Ctrl-C."""

import signal
import sys
from contextlib import ExitStack
from urllib.error import URLError
from urllib.request import urlopen

from local.lock import alone
from local.places import Places, write_private
from local.prefect_home import QUIET
from local.run import tell
from local.s3 import BUCKET, serve_s3
from local.servers import LOOPBACK, Program, ServerError, free_ports, running, running_port
from local.warehouse import serve_vertica


def dashboard(places: Places, port: int) -> Program:
    """Return Prefect's server."""
    address = f"http://{LOOPBACK}:{port}/api"
    return Program(
        "The Prefect server",
        (
            sys.executable,
            "-m",
            "prefect",
            "server",
            "start",
            "--host",
            LOOPBACK,
            "--port",
            str(port),
        ),
        places.logs / "prefect.log",
        lambda _log: is_healthy(port),
        {**QUIET, "PREFECT_HOME": str(places.prefect), "PREFECT_SERVER_UI_API_URL": address},
    )


def is_healthy(port: int) -> bool:
    """Tell whether Prefect's server answers."""
    try:
        with urlopen(f"http://{LOOPBACK}:{port}/api/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


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
        [port] = free_ports(1)
        stack.enter_context(running(dashboard(places, port)))
        environment = s3.environment() | vertica.environment()
        environment["PREFECT_API_URL"] = f"http://{LOOPBACK}:{port}/api"
        shell = places.root / "env.sh"
        lines = (f"export {name}='{value}'\n" for name, value in environment.items())
        write_private(shell, "".join(lines))
        tell(f"Dashboard: http://{LOOPBACK}:{port}   bucket: {BUCKET}")
        tell(f"In another terminal: source {shell}")
        tell("Then `make run` uses these servers. Ctrl-C stops them.")
        try:
            signal.pause()
        except KeyboardInterrupt:
            tell("Stopping …")
