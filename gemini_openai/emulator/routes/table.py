"""The table of routes, and the steps from a request to its handler: quirks, route, credentials."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from ..answers import credentials
from ..answers.answer import Answer
from ..answers.faults import html_not_found
from ..answers.quirks import from_header
from ..http.errors import GoogleError
from ..http.replies import Rendered, Reply
from ..state.jobs import Job
from . import batches, compatible, files, openai_files, tokens, uploads, vertex, videos
from .context import BodyReceiver, Context, Handler, Settings, native_error

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..answers.quirks import Quirks
    from ..http.requests import Received

QUIRKS_HEADER = "x-emulator-quirks"
COMPAT = r"/v1beta/openai(?:/v1)?"
NATIVE = r"/v1beta"
VERTEX = (
    r"/v1(?:beta1)?/projects/(?P<project>[^/]+)/locations/(?P<location>[^/]+)"
    r"/endpoints/(?P<endpoint>[^/]+)"
)

Route: TypeAlias = tuple[str, re.Pattern[str], Handler]
Scripted: TypeAlias = Answer | Job | None


def _table(root: str, rows: Iterable[tuple[str, str, Handler]]) -> list[Route]:
    return [(method, re.compile(root + path), handler) for method, path, handler in rows]


# The second route to chat is an alias in Google's discovery document of 2025.
COMPAT_ROUTES = _table(NATIVE, [("POST", "/chat/completions", compatible.chat)]) + _table(
    COMPAT,
    [
        ("POST", "/chat/completions", compatible.chat),
        ("POST", "/embeddings", compatible.embeddings),
        ("POST", "/images/generations", compatible.images),
        ("GET", "/models", compatible.model_list),
        ("GET", "/models/(?P<id>.+)", compatible.model),
        ("POST", "/batches", batches.create),
        ("GET", "/batches", batches.listed),
        ("POST", "/batches/(?P<id>.+)[:/]cancel", batches.cancel),
        ("GET", "/batches/(?P<id>.+)", batches.retrieve),
        ("POST", "/videos", videos.create),
        ("GET", "/videos/(?P<id>.+)", videos.retrieve),
    ],
)
OPENAI_FILE_ROUTES = _table(
    COMPAT,
    [
        ("GET", "/files", openai_files.listed),
        ("GET", "/files/(?P<id>.+)/content", openai_files.content),
        ("GET", "/files/(?P<id>.+)", openai_files.retrieve),
        ("DELETE", "/files/(?P<id>.+)", openai_files.delete),
    ],
)
NATIVE_ROUTES = [
    *_table(
        "",
        [
            ("POST", "/upload/v1beta/files", uploads.start),
            ("GET", "/download/v1beta/files/(?P<id>[^/:]+):download", files.downloaded),
        ],
    ),
    *_table(
        NATIVE,
        [
            ("GET", "/files", files.file_list),
            ("GET", "/files/(?P<id>[^/:]+):download", files.download),
            ("GET", "/files/(?P<id>[^/:]+)", files.file),
            ("DELETE", "/files/(?P<id>[^/:]+)", files.delete),
            ("GET", "/batches", batches.native_list),
            ("POST", "/batches/(?P<id>[^/:]+):cancel", batches.native_cancel),
            ("GET", "/batches/(?P<id>[^/:]+)", batches.native_retrieve),
            ("DELETE", "/batches/(?P<id>[^/:]+)", batches.native_delete),
        ],
    ),
]
VERTEX_ROUTES = [
    *_table(
        VERTEX,
        [
            ("POST", "/chat/completions", vertex.chat),
            ("POST", "/embeddings", vertex.embeddings),
        ],
    ),
    *_table("", [("GET", "/v1beta1/publishers/google/models", vertex.publisher_models)]),
]
OPENAI_FILES = re.compile(COMPAT + "/files")


def is_token_request(request: Received) -> bool:
    """Whether the request is for a token or for metadata, which clients ask for unseen."""
    return any(
        method == request.method and pattern.fullmatch(request.path)
        for method, pattern, _ in tokens.TOKEN_ROUTES
    )


def respond(
    request: Received, settings: Settings, number: int, scripted: Scripted = None
) -> Rendered:
    """The reply to the request; `scripted` replaces what a rule would say, in the same format."""
    if google := tokens.respond(settings.google, request):
        return google
    context = _context(request, settings, number, scripted)
    if isinstance(context, Reply):
        return context
    compat = COMPAT_ROUTES
    if context.quirks.openai_files:
        compat = [*COMPAT_ROUTES, *OPENAI_FILE_ROUTES]
    if found := _find(compat, context):
        refusal = credentials.compatible(request, settings.bad_keys)
        return context.error(refusal) if refusal else found[0](found[1])
    if found := _find(NATIVE_ROUTES, context):
        refusal = files.wrong_credentials(context)
        return native_error(refusal) if refusal else found[0](found[1])
    if found := _find(VERTEX_ROUTES, context):
        return found[0](found[1])
    return html_not_found(request.path)


def is_upload(request: Received) -> bool:
    """Whether the body is a file, which is not to be held in memory."""
    return request.method == "POST" and bool(
        _is_chunk(request) or OPENAI_FILES.fullmatch(request.path)
    )


def _is_chunk(request: Received) -> bool:
    return request.path == "/upload/v1beta/files" and "upload_id" in request.query


def receiver_for(
    request: Received, settings: Settings, number: int, scripted: Scripted = None
) -> BodyReceiver | Rendered:
    """The receiver of an upload's body, or an answer that does not need the body."""
    context = _context(request, settings, number, scripted)
    if isinstance(context, Reply):
        return context
    if _is_chunk(request):
        return uploads.chunk(context)
    if not context.quirks.openai_files:
        return html_not_found(request.path)
    refusal = credentials.compatible(request, settings.bad_keys)
    return context.error(refusal) if refusal else openai_files.create(context)


def _context(
    request: Received, settings: Settings, number: int, scripted: Scripted
) -> Context | Reply:
    quirks: Quirks
    try:
        quirks = from_header(settings.quirks, request.headers.get(QUIRKS_HEADER, ""))
    except ValueError as error:
        return Reply(400, body=GoogleError(400, str(error)).body())
    return Context(
        request,
        settings,
        quirks,
        number,
        answer=scripted if isinstance(scripted, Answer) else None,
        job=scripted if isinstance(scripted, Job) else None,
    )


def _find(routes: Iterable[Route], context: Context) -> tuple[Handler, Context] | None:
    for method, pattern, handler in routes:
        match = pattern.fullmatch(context.request.path)
        if match and method == context.request.method:
            return handler, replace(context, path=match.groupdict())
    return None
