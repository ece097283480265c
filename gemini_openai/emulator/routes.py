"""A request -> the reply Gemini's endpoint would give: the routes, and nothing of HTTP's wire."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from . import media, refusals, wire
from ._json import compact, mapping
from .answers import Answer, answer, snake_case
from .errors import GoogleError, bad_request
from .quirks import Quirks, from_header
from .script import Received, Reply, Sse

if TYPE_CHECKING:
    from .catalogue import Catalogue

QUIRKS_HEADER = "x-emulator-quirks"

Rendered: TypeAlias = Reply | Sse


@dataclass(frozen=True)
class Settings:
    """What an emulator was made with."""

    quirks: Quirks
    models: Catalogue
    bad_keys: frozenset[str]
    only_scripted: bool
    clock: Callable[[], float]


@dataclass(frozen=True)
class Context:
    """One request on its way: its number, what the path says, and the answer a test put in."""

    request: Received
    settings: Settings
    quirks: Quirks
    number: int
    path: Mapping[str, str] = field(default_factory=dict[str, str])
    answer: Answer | None = None

    def stamp(self) -> wire.Stamp:
        """The response's id and time; ids count on, so that no two answers share one."""
        return wire.Stamp.make(f"response {self.number}", int(self.settings.clock()))

    def error(self, error: GoogleError) -> Reply:
        """The error as a reply."""
        return Reply(error.code, body=error.body(listed=self.quirks.list_errors))

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


Handler: TypeAlias = Callable[[Context], Rendered]


def chat(context: Context) -> Rendered:
    """`POST …/chat/completions`."""
    given = context.body()
    if isinstance(given, GoogleError):
        return context.error(given)
    quirks = context.quirks
    body = _known_names(given)
    refusal = refusals.chat(body, quirks, context.settings.models)
    if refusal is None and quirks.schemas_refused:
        refusal = refusals.response_schema(body)
    if refusal is not None:
        return context.error(refusal)
    count = 1 if context.answer else int(body.get("n") or 1)
    answers = [context.answer or answer(body, number=at) for at in range(count)]
    chat_wire = wire.ChatWire(body, answers, quirks, context.stamp())
    if body.get("stream"):
        return Sse(
            [f"data: {compact(chunk, sort_keys=True)}\n\n" for chunk in chat_wire.chunks()],
            done=True,
        )
    return Reply(body=compact(chat_wire.completion(), sort_keys=True).encode())


def embeddings(context: Context) -> Rendered:
    """`POST …/embeddings`."""
    body = context.body()
    if not isinstance(body, GoogleError):
        body = media.embeddings(body, context.quirks, context.settings.models)
    return _plain(context, body)


def images(context: Context) -> Rendered:
    """`POST …/images/generations`."""
    body = context.body()
    if not isinstance(body, GoogleError):
        created = int(context.settings.clock())
        body = media.images(body, context.quirks, context.settings.models, created)
    return _plain(context, body)


def model_list(context: Context) -> Rendered:
    """`GET …/models`."""
    return _plain(context, media.model_list(context.quirks, context.settings.models))


def model(context: Context) -> Rendered:
    """`GET …/models/{id}`; the id may have a slash."""
    name = context.path["id"]
    return _plain(context, media.model(name, context.quirks, context.settings.models))


def _plain(context: Context, body: dict[str, Any] | GoogleError) -> Reply:
    return context.error(body) if isinstance(body, GoogleError) else Reply(json=body)


def _known_names(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with known names in snake case: proto's JSON parser takes `maxTokens` as well."""
    return {
        snake if (snake := snake_case(name)) in refusals.CHAT_FIELDS else name: value
        for name, value in body.items()
    }


COMPAT = r"/v1beta/openai(?:/v1)?"
ROUTES: list[tuple[str, re.Pattern[str], Handler]] = [
    ("POST", re.compile(COMPAT + "/chat/completions"), chat),
    ("POST", re.compile(COMPAT + "/embeddings"), embeddings),
    ("POST", re.compile(COMPAT + "/images/generations"), images),
    ("GET", re.compile(COMPAT + "/models"), model_list),
    ("GET", re.compile(COMPAT + "/models/(?P<id>.+)"), model),
]


def respond(
    request: Received, settings: Settings, number: int, scripted: Answer | None = None
) -> Rendered:
    """The reply to the request; `scripted` replaces what a rule would say, not how it is said."""
    try:
        quirks = from_header(settings.quirks, request.headers.get(QUIRKS_HEADER, ""))
    except ValueError as error:
        return Reply(400, body=GoogleError(400, str(error)).body())
    for method, pattern, handler in ROUTES:
        match = pattern.fullmatch(request.path)
        if match and method == request.method:
            context = Context(request, settings, quirks, number, match.groupdict(), scripted)
            refusal = refusals.credentials(request, settings.bad_keys)
            return context.error(refusal) if refusal else handler(context)
    return not_found_page(request.path)


def not_found_page(path: str) -> Reply:
    """The page of Google's front end for a path that no service has."""
    return Reply(
        404,
        text=(
            "<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n"
            "  <title>Error 404 (Not Found)!!1</title>\n"
            "  <p><b>404.</b> <ins>That&rsquo;s an error.</ins>\n"
            f"  <p>The requested URL <code>{html.escape(path)}</code> was not found on this "
            "server.  <ins>That&rsquo;s all we know.</ins>\n"
        ),
    )
