"""The context in which a handler answers a request, and the type of handlers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

from ..answers import wire
from ..http.errors import GoogleError, bad_request
from ..http.json_values import mapping
from ..http.replies import Rendered, Reply

if TYPE_CHECKING:
    from ..answers.answer import Answer
    from ..answers.catalogue import Catalogue
    from ..answers.quirks import Quirks
    from ..http.requests import Received
    from ..state.google_auth import GoogleAuth
    from ..state.jobs import Job
    from ..state.storage import Storage


@dataclass(frozen=True)
class Settings:
    """The settings of an emulator, and what it stores between requests."""

    quirks: Quirks
    models: Catalogue
    bad_keys: frozenset[str]
    only_scripted: bool
    clock: Callable[[], float]
    storage: Storage
    google: GoogleAuth


@dataclass(frozen=True)
class Context:
    """A request with its number, the variables in its path, and the answer a test scripted."""

    request: Received
    settings: Settings
    quirks: Quirks
    number: int
    path: Mapping[str, str] = field(default_factory=dict[str, str])
    answer: Answer | None = None
    job: Job | None = None

    @property
    def now(self) -> float:
        """The emulator's time, in seconds since 1970."""
        return self.settings.clock()

    @property
    def models(self) -> Catalogue:
        """The models; with a quirk, without those that Google serves no more at that time."""
        if not self.quirks.retired_models_refused:
            return self.settings.models
        return replace(self.settings.models, today=_moment(self.now).date())

    @property
    def origin(self) -> str:
        """The origin of URLs in answers: this server, or Google's if a quirk says so."""
        if self.quirks.urls_name_google:
            return "https://generativelanguage.googleapis.com"
        return f"http://{self.request.headers.get('host', 'localhost')}"

    def stamp(self) -> wire.Stamp:
        """The response's id and time; no two answers have the same id."""
        return wire.Stamp.make(f"response {self.number}", int(self.now))

    def error(self, error: GoogleError) -> Reply:
        """The error as a reply of the OpenAI-compatible routes."""
        return Reply(error.code, body=error.body(listed=self.quirks.list_errors))

    def reply(self, answer: Mapping[str, Any] | GoogleError) -> Reply:
        """An answer or an error as a reply of the OpenAI-compatible routes."""
        return self.error(answer) if isinstance(answer, GoogleError) else Reply(json=answer)

    def body(self) -> dict[str, Any] | GoogleError:
        """The body as a JSON object."""
        if not self.request.body.strip():
            return {}
        try:
            return mapping(json.loads(self.request.body))
        except ValueError:
            shown = self.request.body[:40].decode("utf-8", "replace")
            message = f"Invalid JSON payload received. Unexpected token.\n{shown}\n^"
            return bad_request([(None, message)])


@runtime_checkable
class BodyReceiver(Protocol):
    """A receiver of the body of an upload, piece by piece, which answers at its end."""

    def take(self, data: bytes) -> None:
        """Store some more bytes."""
        ...

    def reply(self) -> Rendered:
        """Answer, after the last byte."""
        ...


Handler: TypeAlias = Callable[[Context], Rendered]


def native_error(error: GoogleError) -> Reply:
    """The error as a reply of Google's own routes: no list around it."""
    return Reply(error.code, body=error.body(listed=False))


def native_reply(answer: Mapping[str, Any] | GoogleError) -> Reply:
    """An answer or an error as a reply of Google's own routes."""
    return native_error(answer) if isinstance(answer, GoogleError) else native_json(answer)


def native_json(body: Mapping[str, Any], status: int = 200) -> Reply:
    """A body as Google's own routes send it, on several lines."""
    text = json.dumps(body, indent=2, ensure_ascii=False)
    headers = {"Content-Type": "application/json; charset=UTF-8"}
    return Reply(status, body=f"{text}\n".encode(), headers=headers)


def rfc3339(seconds: float) -> str:
    """The time as Google writes it, with microseconds."""
    return _moment(seconds).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc)
