"""Define the types in public signatures."""

import os
from collections.abc import AsyncIterable, Callable, Iterable, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Annotated, Any, Literal, Protocol, TypeAlias, TypeVar, Union

from typing_extensions import TypedDict

from ._primitives.given import (
    NOT_GIVEN as NOT_GIVEN,
    NotGiven as NotGiven,
    Omit as Omit,
    is_given as is_given,
    not_given as not_given,
    omit as omit,
)

if TYPE_CHECKING:
    import httpx
    import httpx2

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
ResponseT = TypeVar("ResponseT")

# Apps hold objects of either HTTP family, so each alias names both.
URL: TypeAlias = Union["httpx.URL", "httpx2.URL"]
Timeout: TypeAlias = Union["httpx.Timeout", "httpx2.Timeout"]
Request: TypeAlias = Union["httpx.Request", "httpx2.Request"]
Response: TypeAlias = Union["httpx.Response", "httpx2.Response"]
HttpHeaders: TypeAlias = Union["httpx.Headers", "httpx2.Headers"]
HttpClient: TypeAlias = Union["httpx.Client", "httpx2.Client"]
AsyncHttpClient: TypeAlias = Union["httpx.AsyncClient", "httpx2.AsyncClient"]
TimeoutTypes: TypeAlias = Union[float, "httpx.Timeout", "httpx2.Timeout", None]

Maybe: TypeAlias = T | Omit
"""A parameter that may be left out, by its name or with `omit`."""


class _NotJson:
    """Keeps a type out of the JSON Schema that pydantic and FastAPI make of parameters."""

    def __get_pydantic_json_schema__(self, schema: object, handler: object) -> dict[str, object]:
        from pydantic_core import PydanticOmit

        raise PydanticOmit


PythonTool: TypeAlias = Annotated[Callable[..., Any], _NotJson()]
"""A Python function as a tool, or a type: a pydantic model, a dataclass or a `TypedDict`."""

Headers: TypeAlias = Mapping[str, str | Omit]
ResponseView: TypeAlias = Literal["raw", "open", "read"]
"""The form in which the response itself is returned: a `LegacyAPIResponse`, or an `APIResponse`
with its body unread or read."""
Query: TypeAlias = Mapping[str, object]
Body: TypeAlias = object
PostParser: TypeAlias = Callable[[Any], Any]
NoneType: type[None] = type(None)

BinaryTypes: TypeAlias = bytes | bytearray | IO[bytes] | Iterable[bytes]
AsyncBinaryTypes: TypeAlias = BinaryTypes | AsyncIterable[bytes]
FileContent: TypeAlias = IO[bytes] | bytes | os.PathLike[str]
FileTypes: TypeAlias = (
    FileContent
    | tuple[str | None, FileContent]
    | tuple[str | None, FileContent, str | None]
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
RequestFiles: TypeAlias = Mapping[str, FileTypes] | Sequence[tuple[str, FileTypes]]


class RequestOptions(TypedDict, total=False):
    """What a caller of `client.post` may set for a request beside its path and body.

    `timeout` is in seconds, and limits each phase: waiting for a connection, connecting, each
    write, each read. `deadline` is in seconds too, for the whole call; None for none. `view` asks
    for the response itself in place of the answer. `first_input` is the place of the first text to
    embed, where errors are to count from another. `security` (which of OpenAI's kinds of keys to
    send), `synthesize_event_and_data` and `stream_mode` (forms of OpenAI's named events) have no
    effect: Gemini has one credential, and events without names.
    """

    headers: Headers
    view: ResponseView
    first_input: int
    max_retries: int
    timeout: TimeoutTypes | NotGiven
    deadline: float | NotGiven | None
    params: Query
    extra_json: Mapping[str, object]
    idempotency_key: str
    follow_redirects: bool
    post_parser: PostParser
    security: Mapping[str, bool]
    synthesize_event_and_data: bool
    stream_mode: Literal["legacy", "events"]


class RequestExtras(TypedDict, total=False):
    """The keywords every method takes beside its own parameters.

    `extra_headers`, `extra_query` and `extra_body` are added to the request and override what
    the method itself would send. `timeout`, in seconds or an `httpx.Timeout`, limits each phase:
    waiting for a connection, connecting, each write, each read. `deadline`, in seconds, limits the
    whole call, with its retries and the reading of its answer; None removes the client's.
    """

    extra_headers: Headers | None
    extra_query: Query | None
    extra_body: Body | None
    timeout: TimeoutTypes | NotGiven
    deadline: float | NotGiven | None


if TYPE_CHECKING:

    class SequenceNotStr(Protocol[T_co]):
        """A sequence that is not one string."""

        def __getitem__(self, index: int, /) -> T_co: ...
        def __contains__(self, value: object, /) -> bool: ...
        def __len__(self) -> int: ...

else:
    SequenceNotStr = Sequence  # pydantic can read this one
