"""Ask network addresses whether anybody answers, and say why nobody does."""

import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from threading import Thread
from typing import TypeVar

from social_vault.errors import PipelineError, SettingsError, UnavailableError

Address = tuple[str, int]
R = TypeVar("R")
# A name that does not exist is a wrong setting; EAI_AGAIN, a name service out of reach, is none.
NO_SUCH_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


def refusals(addresses: Sequence[Address], seconds: float) -> list[OSError | None]:
    """Return why each address takes no connection, None for one that does; all asked at once."""
    asked = [in_background(partial(_refusal, each, seconds)) for each in addresses]
    return [_answer(future, seconds) for future in asked]


def in_background(work: Callable[[], R]) -> Future[R]:
    """Start work on a thread that keeps no command from ending."""
    future = Future[R]()

    def finish() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - who waits for the result gets it
            future.set_exception(error)

    Thread(target=finish, daemon=True).start()
    return future


def unreachable(
    where: str, addresses: Sequence[Address], causes: Sequence[OSError | None]
) -> PipelineError:
    """Return the error for a place none of whose addresses lets us in."""
    told = "; ".join(
        f"{host}:{port} answers, but lets nobody in" if cause is None else _told(host, port, cause)
        for (host, port), cause in zip(addresses, causes, strict=True)
    )
    if all(cause is not None and is_unknown_name(cause) for cause in causes):
        return SettingsError(f"{where} cannot be found: {told}.")
    return UnavailableError(f"{where} cannot be reached: {told}.")


def is_unknown_name(error: BaseException) -> bool:
    """Tell whether what went wrong is, at the bottom, a host name that does not exist."""
    return any(
        isinstance(cause, socket.gaierror) and cause.errno in NO_SUCH_NAME
        for cause in causes_of(error)
    )


def causes_of(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it was raised from, the innermost last."""
    seen = set[int]()
    while error is not None and id(error) not in seen:
        yield error
        seen.add(id(error))
        error = error.__cause__ or error.__context__


def _refusal(address: Address, seconds: float) -> OSError | None:
    try:
        socket.create_connection(address, seconds).close()
    except OSError as error:
        return error
    return None


def _answer(future: Future[OSError | None], seconds: float) -> OSError | None:
    # Names that are slow to resolve, or that have several addresses, know no time limit.
    try:
        return future.result(seconds + 1)
    except TimeoutError:
        return TimeoutError(f"no answer within {seconds:g} seconds")


def _told(host: str, port: int, cause: OSError) -> str:
    if is_unknown_name(cause):
        return f"{host}: there is no host of this name"
    return f"{host}:{port}: {cause.strerror or cause}"
