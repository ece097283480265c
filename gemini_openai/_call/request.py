"""One request as data: what a resource asks for, and what goes over the wire."""

from __future__ import annotations

import io
import json
import operator
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import pydantic

from .._primitives.given import NOT_GIVEN, NotGiven, is_given, omit
from ..dialect.routes.headers import credentials_for

if TYPE_CHECKING:
    from .._types import (
        Body,
        Headers,
        PostParser,
        Query,
        RequestFiles,
        RequestOptions,
        TimeoutTypes,
    )
    from ..dialect.translation import Translation


@dataclass(frozen=True)
class Call:
    """What a resource method asks of the client: the same for sync and async.

    `cast_to` is the model of a whole answer, `chunk` that of a piece of a streamed one.
    """

    method: str
    path: str
    cast_to: Any
    body: Mapping[str, Any] | None = None
    options: RequestOptions = field(default_factory=lambda: cast("RequestOptions", {}))
    files: RequestFiles | None = None
    stream: bool = False
    chunk: Any = None


@dataclass
class FinalRequestOptions:
    """A request on its way through `client.request`, where tracers read and change it.

    `url` is relative to the client's base URL, or absolute. `json_data` is the body before
    `extra_json` is laid over it. `timeout` is in seconds.
    """

    method: str
    url: str
    params: Query = field(default_factory=lambda: cast("Query", {}))
    headers: Headers | NotGiven = NOT_GIVEN
    max_retries: int | NotGiven = NOT_GIVEN
    timeout: TimeoutTypes | NotGiven = NOT_GIVEN
    files: RequestFiles | None = None
    idempotency_key: str | None = None
    post_parser: PostParser | NotGiven = NOT_GIVEN
    follow_redirects: bool | None = None
    content: Any = None
    json_data: Body | None = None
    extra_json: Mapping[str, object] | None = None
    translation: Translation | None = field(default=None, repr=False, compare=False)
    """What the dialect made of this request, and reads its answer by; set when it is sent."""

    @classmethod
    def construct(cls, **values: Any) -> FinalRequestOptions:
        """The same, from keywords that may be sentinels."""
        return cls(**{name: value for name, value in values.items() if is_given(value)})

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
    follow_redirects: bool | None
    native: bool = False
    """Whether it goes to Google's own routes, which take credentials in another form."""

    def headers_with(self, credentials: Mapping[str, str]) -> dict[str, str]:
        """All headers to send; what the caller gave wins over the credentials."""
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
    post_parser: PostParser | NotGiven = NOT_GIVEN,
) -> RequestOptions:
    """The options of a request from what a method was given beside its parameters."""
    options: RequestOptions = {}
    if extra_headers is not None:
        options["headers"] = extra_headers
    if extra_body is not None:
        options["extra_json"] = cast("Mapping[str, object]", extra_body)
    if params := {**(query or {}), **(extra_query or {})}:
        options["params"] = params
    if is_given(timeout):
        options["timeout"] = timeout
    if idempotency_key is not None:
        options["idempotency_key"] = idempotency_key
    if is_given(post_parser):
        options["post_parser"] = post_parser
    return options


def encode_json(body: object) -> bytes:
    """JSON as UTF-8, of what `plain_json` gives.

    Raises `ValueError` for NaN and the infinities, which JSON has not.
    """
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "surrogatepass")


def plain_json(value: Any, place: str = "the body") -> Any:
    """`value` made of dicts, lists and scalars only; the same object, if it is already.

    Results of this package become what they were on the wire, dates ISO 8601 text, other iterables
    lists, and omitted entries are left out.

    Raises `TypeError`, with the place, for what has no JSON form.
    """
    kind: Any = value.__class__
    if kind in _SCALARS:
        return value
    if kind is dict:
        new = None
        for key, item in value.items():
            if type(item) in _SCALARS:
                continue
            plain = plain_json(item, f"{place}[{key!r}]") if is_given(item) else omit
            if plain is not item or plain is omit:
                new = dict(value) if new is None else new
                new[key] = plain
        return value if new is None else {k: v for k, v in new.items() if v is not omit}
    if kind is list:
        items = [
            item if type(item) in _SCALARS else plain_json(item, f"{place}[{i}]")
            for i, item in enumerate(value)
            if is_given(item)
        ]
        same = len(items) == len(value) and all(map(operator.is_, items, value))
        return value if same else items
    return _plain(value, place)


_SCALARS = frozenset({str, int, float, bool, type(None)})


def _plain(value: Any, place: str) -> Any:
    name: str = value.__class__.__name__
    if isinstance(value, pydantic.BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, (str, int, float)):
        return value  # of a subclass, an enum for example
    if isinstance(value, Mapping):
        return plain_json({**value}, place)
    if (isoformat := getattr(value, "isoformat", None)) is not None:
        return isoformat()
    if isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray, io.IOBase)):
        return plain_json([*value], place)
    shown = str(cast("object", value))[:80]
    advice = (
        "To send a file in a message, send its bytes as a data: URL."
        if isinstance(value, (os.PathLike, bytes, bytearray, io.IOBase))
        else "Turn it into str, number, bool, None, list or dict first."
    )
    raise TypeError(
        f"Object of type {name} is not JSON serializable: {place} is {shown!r}. {advice}"
    )
