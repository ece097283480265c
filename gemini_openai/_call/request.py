"""Describe one request as data: what a resource asks for, and what goes over the wire."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeVar, cast

from .._constants import RAW_RESPONSE_HEADER
from .._primitives.given import NOT_GIVEN, NotGiven, Omit, given_entries, is_given
from .._primitives.secrets import MASK, is_secret_header, is_secret_parameter, redacted
from ..dialect import credentials_for
from .deadline import check_deadline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .._types import (
        Body,
        Headers,
        PostParser,
        Query,
        RequestFiles,
        RequestOptions,
        Response,
        ResponseView,
        TimeoutTypes,
    )
    from ..dialect import Translation
    from .deadline import Deadline

T = TypeVar("T")


VIEW_HEADER = RAW_RESPONSE_HEADER.lower()
_VIEWS: Mapping[str, ResponseView] = {"true": "raw", "stream": "open"}


def view_of(asked: str | Omit | None) -> ResponseView | None:
    """The view that a value of the header asks for, by which `openai` and frameworks say it."""
    return _VIEWS.get(asked, "read") if asked and is_given(asked) else None


def split_view(headers: Headers) -> tuple[Headers, ResponseView | None]:
    """Take out the header by which a caller asks for the response itself."""
    asked = [name for name in headers if name.lower() == VIEW_HEADER]
    if not asked:
        return headers, None
    kept = {name: value for name, value in headers.items() if name not in asked}
    return kept, view_of(headers[asked[-1]])


@dataclass(frozen=True, eq=False, repr=False)
class Call(Generic[T]):
    """What a resource method asks of the client: the same for sync and async.

    `cast_to` is the type of the answer.
    """

    method: Literal["get", "post", "delete"]
    path: str
    cast_to: type[T]
    body: dict[str, Any] | None = None
    files: RequestFiles | None = None
    options: RequestOptions = field(default_factory=lambda: cast("RequestOptions", {}))


@dataclass(repr=False)
class FinalRequestOptions:
    """A request on its way through `client.request`, where tracers read and change it.

    `url` is relative to the client's base URL, or absolute. `json_data` is the body before
    `extra_json` is laid over it. `timeout` is in seconds, and so is `deadline`, unless it has begun
    with an earlier request of the same method. `view` is set where the caller wants the response
    itself. `security`, `synthesize_event_and_data` and `stream_mode` are openai's, without effect.
    """

    method: str
    url: str
    params: Query = field(default_factory=lambda: cast("Query", {}))
    headers: Headers | NotGiven = NOT_GIVEN
    max_retries: int | NotGiven = NOT_GIVEN
    timeout: TimeoutTypes | NotGiven = NOT_GIVEN
    deadline: float | Deadline | NotGiven | None = NOT_GIVEN
    files: RequestFiles | None = None
    idempotency_key: str | None = None
    post_parser: PostParser | NotGiven = NOT_GIVEN
    follow_redirects: bool | None = None
    security: Mapping[str, bool] | None = None
    synthesize_event_and_data: bool | None = None
    stream_mode: Literal["legacy", "events"] = "legacy"
    content: Any = None
    json_data: Body | None = None
    extra_json: Mapping[str, object] | None = None
    view: ResponseView | None = None
    first_input: int = 0
    """The place of the first text to embed, where the request is a part of a larger one."""
    observed: bool = field(default=False, repr=False, compare=False)
    """Whether what comes of it is being recorded already, by telemetry."""
    translation: Translation | None = field(default=None, repr=False, compare=False)
    """What the dialect made of this request, and reads its answer by; set when it is sent."""

    def __repr__(self) -> str:
        shown = {
            item.name: getattr(self, item.name)
            for item in fields(self)
            if item.repr and getattr(self, item.name) is not item.default
        }
        shown["url"] = redacted(self.url)
        if self.params:
            shown["params"] = {
                name: MASK if is_secret_parameter(name) else value
                for name, value in self.params.items()
            }
        if is_given(self.headers):
            shown["headers"] = {
                name: MASK if is_secret_header(name) else value
                for name, value in self.headers.items()
            }
        given = ", ".join(f"{name}={value!r}" for name, value in shown.items())
        return f"{type(self).__name__}({given})"

    def __post_init__(self) -> None:
        if is_given(self.headers):
            self.headers, view = split_view(self.headers)
            self.view = view or self.view

    @classmethod
    def construct(cls, **values: Any) -> FinalRequestOptions:
        """The same, from keywords that may be sentinels."""
        return cls(**given_entries(values))

    def get_max_retries(self, max_retries: int) -> int:
        """How often to try again: this request's own word, else the client's."""
        return self.max_retries if isinstance(self.max_retries, int) else max_retries


class Outgoing(NamedTuple):
    """A request ready for the wire but for its credentials.

    The names of `headers` are in lower case; one that is None is not sent, credentials included.
    """

    method: str
    url: str
    headers: Mapping[str, str | None]
    content: Any
    files: Any
    timeout: Any
    stream: bool
    follow_redirects: bool
    native: bool = False
    """Whether it goes to Google's own routes, which take credentials in another form."""
    history: tuple[Response, ...] = ()
    """The redirects that led to it."""
    foreign: bool = False
    """Whether it goes to another server than the client's, which gets no credentials."""
    most: int | None = None
    """The bytes that its whole answer may have; None for no limit."""
    deadline: Deadline | None = None
    """The end of the call that it is sent for."""

    def headers_with(self, credentials: Mapping[str, str]) -> dict[str, str]:
        """All headers to send; what the caller gave wins over the credentials."""
        ours: Mapping[str, str] = {}
        if not self.foreign:
            ours = credentials_for(credentials, self.headers, native=self.native)
        merged = {**ours, **self.headers}
        return {name: value for name, value in merged.items() if value is not None}


def make_request_options(
    *,
    query: Query | None = None,
    extra_headers: Headers | None = None,
    extra_query: Query | None = None,
    extra_body: Body | None = None,
    idempotency_key: str | None = None,
    timeout: TimeoutTypes | NotGiven = NOT_GIVEN,
    deadline: float | NotGiven | None = NOT_GIVEN,
    post_parser: PostParser | NotGiven = NOT_GIVEN,
    security: Mapping[str, bool] | None = None,
    synthesize_event_and_data: bool | None = None,
    stream_mode: Literal["legacy", "events"] | None = None,
) -> RequestOptions:
    """The options of a request from what a method was given beside its parameters.

    The last three are openai's, for what only its servers have: taken, without effect.

    Raises `TypeError` and `ValueError` for a deadline that is none.
    """
    options: RequestOptions = {}
    if extra_headers is not None:
        options["headers"], view = split_view(extra_headers)
        if view is not None:
            options["view"] = view
    if extra_body is not None:
        options["extra_json"] = cast("Mapping[str, object]", extra_body)
    if params := {**(query or {}), **(extra_query or {})}:
        options["params"] = params
    if is_given(timeout):
        options["timeout"] = timeout
    if is_given(deadline):
        check_deadline(deadline)  # now: the method may send something else first
        options["deadline"] = deadline
    if idempotency_key is not None:
        options["idempotency_key"] = idempotency_key
    if is_given(post_parser):
        options["post_parser"] = post_parser
    if security is not None:
        options["security"] = security
    if synthesize_event_and_data is not None:
        options["synthesize_event_and_data"] = synthesize_event_and_data
    if stream_mode is not None:
        options["stream_mode"] = stream_mode
    return options


def make_call(
    method: Literal["get", "post", "delete"],
    path: str,
    cast_to: type[T],
    params: Mapping[str, Any],
    *,
    files: RequestFiles | None = None,
    headers: Headers | None = None,
    post_parser: PostParser | NotGiven = NOT_GIVEN,
) -> Call[T]:
    """A request from what a method was given.

    Of `params`, omitted ones aside, `extra_headers` and its like become options; the others are the
    query of a GET and the body of any other request. `headers` yield to those the caller gave.
    """
    own = given_entries(params)
    extras: dict[str, Any] = {name: own.pop(name) for name in _EXTRAS if name in own}
    if headers is not None:
        extras["extra_headers"] = {**headers, **(extras.get("extra_headers") or {})}
    is_get = method == "get"
    options = make_request_options(query=own if is_get else None, post_parser=post_parser, **extras)
    body = None if is_get or not own else own
    return Call(method, path, cast_to, body, files, options)


_EXTRAS = ("extra_headers", "extra_query", "extra_body", "timeout", "deadline")
