"""Requests to an HTTP API whose answer is a list: asked again until it is one, or told why not.

What an API sends in place of rows, as an error object with status 200 or a page of HTML, is a
failed request and never the end of the rows. The key is sent to the configured host alone: no
redirect is followed. Of an answer nothing is shown but its status.
"""

import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from social_vault.errors import PipelineError, SettingsError, SourceError, UnavailableError
from social_vault.settings import CourierApiSettings
from social_vault.sources.json_elements import NotElementsError, elements_of
from social_vault.sources.retrying import tell_pause

NAME = "The courier API"
LONGEST_WAIT = 60.0  # seconds; a server that asks for more is asked again after these
REFUSED = {
    401: "refuses X-API-KEY",
    403: "refuses X-API-KEY, X-Nickname or X-Cohort",
    404: "has no such path: expected another COURIER_API_URL",
}


@dataclass(frozen=True)
class Patience:
    """How long the reader waits and how often it asks before it gives up; seconds."""

    connect: float = 5
    read: float = 30
    tries: int = 8
    pause: float = 0.2
    total: float = 300
    passes: int = 20  # over a window whose rows move
    most_octets: int = 8 << 20  # of one decoded answer: fifty rows are some tens of kilobytes


@dataclass(frozen=True)
class Question:
    """What is asked for: a path, its parameters, and the name of the key that each row has."""

    path: str
    key: str
    parameters: Mapping[str, str | int]

    @property
    def limit(self) -> int:
        """Say how many rows may come at most."""
        return int(self.parameters["limit"])


@dataclass(frozen=True)
class Page:
    """The rows of one answer as pairs of key and line, and when the server says that it gave it."""

    rows: tuple[tuple[str, str], ...]
    told_at: datetime


class AgainError(UnavailableError):
    """An answer that another try may better; `after` is what the server asked to wait, seconds."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class Api:
    """The API's lists, by path and parameters."""

    def __init__(self, client: httpx.Client, patience: Patience) -> None:
        self._client = client
        self.patience = patience

    def ask(self, question: Question) -> Page:
        """Ask for one page; raise UnavailableError if none came, SettingsError for a refusal."""
        deadline = time.monotonic() + self.patience.total
        tries = Retrying(
            stop=lambda state: _is_over(state, self.patience, deadline),
            wait=lambda state: _pause(state, self.patience.pause),
            retry=retry_if_exception_type(AgainError),
            before_sleep=tell_pause,
            reraise=True,
        )
        return tries(self._ask_once, question)

    def _ask_once(self, question: Question) -> Page:
        path = question.path
        try:
            with self._client.stream("GET", path, params=dict(question.parameters)) as answer:
                check_status(path, answer)
                body = self._body(path, answer)
        except httpx.TransportError as error:
            raise AgainError(f"{NAME}, {path}: no answer ({type(error).__name__}).") from None
        except httpx.DecodingError:
            raise AgainError(f"{NAME}, {path}: the answer cannot be unpacked.") from None
        try:
            rows = [(each.key(question.key), each.text) for each in elements_of(body.decode())]
        except (UnicodeDecodeError, NotElementsError) as error:
            raise AgainError(f"{NAME}, {path}: the answer is no list of rows: {error}.") from None
        if len(rows) > question.limit:
            raise AgainError(
                f"{NAME}, {path}: {len(rows)} rows came, expected at most {question.limit}."
            )
        return Page(tuple(rows), told_at(answer))

    def _body(self, path: str, answer: httpx.Response) -> bytes:
        """Read an answer as far as it may be long: a few octets can be packed from gigabytes."""
        body = bytearray()
        for some in answer.iter_bytes():
            body += some
            if len(body) > self.patience.most_octets:
                raise SourceError(
                    f"{NAME}, {path}: an answer has more than {self.patience.most_octets} octets."
                )
        return bytes(body)


@contextmanager
def open_api(settings: CourierApiSettings, patience: Patience) -> Iterator[Api]:
    """Lend the API behind these settings; nothing is asked yet."""
    headers = {
        "X-Nickname": settings.nickname,
        "X-Cohort": settings.cohort,
        "X-API-KEY": settings.key.get_secret_value(),
        "Accept": "application/json",
    }
    timeout = httpx.Timeout(patience.read, connect=patience.connect)
    try:
        verify = ssl.create_default_context(cafile=settings.tls_cafile)
        client = httpx.Client(
            base_url=settings.url,
            headers=headers,
            timeout=timeout,
            verify=verify,
            follow_redirects=False,
            trust_env=False,  # a proxy of the environment would see the key
        )
    except (OSError, ValueError, httpx.InvalidURL) as error:
        raise SettingsError(
            f"{NAME} cannot be asked: COURIER_API_URL or COURIER_API_TLS_CAFILE is wrong "
            f"({type(error).__name__})."
        ) from None
    with client:
        yield Api(client, patience)


def check_status(path: str, answer: httpx.Response) -> None:
    """Raise unless an answer can be a list: what passes is asked again, what does not is told."""
    status = answer.status_code
    if status == 429 or status >= 500:
        after = retry_after(answer.headers.get("Retry-After", ""), told_at(answer))
        raise AgainError(f"{NAME}, {path}: answered with {status}.", after)
    if status != 200:
        raise refusal(path, status)
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise AgainError(f"{NAME}, {path}: the answer is {kind or 'of no type'}, expected JSON.")


def refusal(path: str, status: int) -> PipelineError:
    """Return our error for a status that no further try changes."""
    if status in REFUSED:
        return SettingsError(f"{NAME}, {path}: {REFUSED[status]} ({status}).")
    if 300 <= status < 400:
        return SettingsError(
            f"{NAME}, {path}: sends on to another address ({status}), to which no key is given: "
            "expected another COURIER_API_URL."
        )
    return SourceError(f"{NAME}, {path}: answered with {status}, expected 200.")


def told_at(answer: httpx.Response) -> datetime:
    """Read when the server answered, by its own clock; by ours where it does not say."""
    try:
        return parsedate_to_datetime(answer.headers.get("Date", "")).astimezone(UTC)
    except ValueError:
        return datetime.now(UTC)


def retry_after(value: str, now: datetime) -> float | None:
    """Read Retry-After, seconds or a date by the server's clock, as seconds; None if unreadable."""
    try:
        return max(float(value), 0.0)
    except ValueError:
        pass
    try:
        return max((parsedate_to_datetime(value) - now).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def _pause(state: RetryCallState, pause: float) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.after if isinstance(error, AgainError) else None
    wanted = pause * 2 ** (state.attempt_number - 1) if asked is None else asked
    return float(min(wanted, LONGEST_WAIT))


def _is_over(state: RetryCallState, patience: Patience, deadline: float) -> bool:
    return stop_after_attempt(patience.tries)(state) or time.monotonic() >= deadline
