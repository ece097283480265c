"""Define `OpenAI` and `AsyncOpenAI`: the requests of `_base_client`, with the resources."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module

from ._base_client import AsyncAPIClient, SyncAPIClient
from ._primitives.fork import load_before_fork, loading
from ._primitives.lazy import cached_property, without_collections
from .resources import _views
from .resources._unsupported import OpenAIOnly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar

    from . import resources
    from .bulk.map import AsyncMap, Map
    from .bulk.resources import AsyncBatches, AsyncEmbeddings, Batches, Embeddings

__all__ = ["AsyncClient", "AsyncOpenAI", "Client", "OpenAI"]

CALLING = (
    "_call.effects",
    "_call.perform",
    "_call.prepare",
    "_call.views",
    "dialect.translation.chat",
    "dialect.translation.translator",
    "resources.chat.chat",
)
"""What every chat completion needs; most of it is needed by every other call too."""
IN_A_LOOP = ("_streaming", "types.chat.chat_completion_chunk")
"""What is loaded at once where it would stop an event loop; else by the first stream."""
LATE = (
    "_legacy_response",
    "bulk.batches.run",
    "bulk.map",
    "bulk.resources",
    "dialect.chat.requests.json_beside_tools",
    "dialect.chat.requests.schemas",
    "dialect.chat.requests.tool_shapes",
    "dialect.refusals.errors",
    "dialect.refusals.hints",
    "dialect.refusals.unknown_names",
    "dialect.translation.endpoints",
    "lib._functions",
    "lib._parsing",
    "lib.streaming.chat",
    "resources.beta.beta",
    "resources.files",
    "resources.images",
    "resources.models",
    "resources.videos",
)
"""What is imported when it is first used: each takes a few milliseconds."""


def _resource(module: str, name: str) -> Any:
    """A resource of a client. Its module is loaded when the resource is first used."""

    def make(client: object) -> Any:
        return getattr(import_module(module, __package__), name)(client)

    return cached_property(make)


def _load_for_calls(client: OpenAI | AsyncOpenAI) -> None:
    """Load what a first chat completion needs: so it stops no event loop, and no fork meets it.

    That takes some 0.2 seconds of CPU time once, most of it for httpx and pydantic.
    """
    owns_http, is_async = client._http.owned, client._is_async
    over_tls = owns_http and client._settings.base_url.startswith("https:")
    needs = is_async, owns_http, over_tls
    with loading:
        if client._google is not None:
            client._google.load()
        if client._settings.telemetry is not None:
            import_module("._telemetry.observe", __package__)
        if needs not in _loaded:
            with without_collections():
                _load(*needs)
            _loaded.add(needs)


def _load(is_async: bool, owns_http: bool, over_tls: bool) -> None:
    for module in (*CALLING, *(IN_A_LOOP if is_async else ())):
        import_module(f".{module}", __package__)
    import_module("encodings.idna")  # sockets use it for the names of hosts
    if is_async:
        import_module("concurrent.futures.thread")  # and event loops this
        import_module("anyio.lowlevel")
        with suppress(ImportError):  # not under that name in every version
            import_module("anyio._backends._asyncio")
        from .types.chat import ChatCompletionChunk

        ChatCompletionChunk.model_rebuild()
    from .types.chat import ChatCompletion

    ChatCompletion.model_rebuild()  # makes the validator, unless it has one
    if owns_http:
        from ._http.certificates import read_trusted
        from ._http.shared_client import SharedHttpClient

        with suppress(Exception):  # what is wrong with the environment, the first call says
            SharedHttpClient().client()  # the modules that it loads stay
            if over_tls:
                read_trusted()
    load_before_fork(*(f"{__package__}.{module}" for module in (*IN_A_LOOP, *LATE)))


_loaded: set[tuple[bool, bool, bool]] = set()


class OpenAI(SyncAPIClient, OpenAIOnly):
    """A blocking client for Gemini with the interface of `openai`. Threads may share one.

    Args:
        api_key: a Gemini API key, or a function that returns one and is called before every
            attempt (for the async client, also a coroutine function). If not given,
            `GOOGLE_API_KEY` and then `GEMINI_API_KEY` are read.
        base_url: the URL of another server, such as an emulator or a gateway. Google's own host
            may have any of the usual paths, or none. A Vertex AI host, or a URL with
            `/projects/…/locations/…/endpoints/…` in it, selects the Vertex AI API.
        vertexai: use Vertex AI, with Google credentials in place of a key. If not given,
            `GOOGLE_GENAI_USE_VERTEXAI` decides.
        project: on Vertex the Google Cloud project; if not given, `GOOGLE_CLOUD_PROJECT`, or the
            project of the credentials. Without Vertex it is OpenAI's `project`, without effect.
        location: on Vertex `global`, `us`, `eu` or a region; if not given, `GOOGLE_CLOUD_LOCATION`,
            or `global`.
        credentials: google-auth credentials for Vertex. If neither they nor `api_key` are given,
            the first call finds those of the environment. They are refreshed before they expire.
        endpoint_id: on Vertex, the endpoint of a self-deployed model.
        dedicated_host: the own host of the endpoint `endpoint_id`, if it has one.
        universe_domain: the domain of another cloud than `googleapis.com`.
        timeout: seconds for each phase of an attempt (waiting for a free connection, connecting,
            each write, each read), or an `httpx.Timeout` or `httpx2.Timeout`; None for no limit. If
            not given, 600 with 5 to connect. It is no limit for a whole call: that is `deadline`.
        deadline: seconds for a whole call: with its token, its retries and their waits, its
            redirects, and the reading of its answer, a stream's too. Then `APITimeoutError` is
            raised. If not given, there is none.
        max_retries: how often a request is retried after a temporary failure.
        retry_budget: seconds that one call may spend waiting between attempts. If the server asks
            for a longer wait, the error is raised at once.
        max_response_bytes: the largest answer that is read, in bytes, decompressed, and the largest
            event of a stream; None for no limit. Files that are downloaded may have any size.
        default_headers: headers for every request; the value `omit` removes a default header.
        default_query: query parameters for every request.
        http_client: an HTTP client of httpx or httpx2 to send with; `close` closes it too.
            Make it after a fork: a child that uses its parent's may get the parent's answers. The
            client's own connections are opened anew in a child.
        unsupported: what happens to parameters that Gemini does not accept: `"warn"` omits them
            with a warning for each, `"drop"` silently, `"error"` raises
            `UnsupportedParameterError`.
        repairs: False to switch off all repairs in docs/dialect.md, or a dict of their names with
            False for those to switch off.
        model_map: the model to call for each name that the app uses:
            `{"gpt-4o": "gemini-pro-latest"}`.
        reasoning_efforts: what to send for a `reasoning_effort` that a model does not support, by
            patterns of model names: `{"gemini-3*-pro*": {"minimal": "low"}}`.
        telemetry: True or a `Telemetry` to record calls with OpenTelemetry, as spans and metrics;
            needs the extra `otel`. If not given, `GEMINI_OPENAI_TELEMETRY` decides.
        _strict_response_validation: raise `APIResponseValidationError` for an answer that does not
            fit its model. Otherwise the fields that fit are kept.
        _enforce_credentials: with False, a missing key is not an error.
        organization: OpenAI's, as are `webhook_secret`, `websocket_base_url`, `admin_api_key`,
            `workload_identity`, `provider` and `data_residency`: accepted and kept as attributes,
            without effect on Gemini.

    Raises:
        OpenAIError: there is no API key, or on Vertex no project; the message says which places
            were searched. Or the key has a character that a header cannot contain.
        TypeError: `http_client`, `credentials` or `max_retries` is of the wrong type.
        ImportError: `telemetry` is on, and opentelemetry-api is not installed.
        ValueError: `unsupported` or `repairs` has an unknown name, `max_response_bytes` is not
            above 0, or arguments exclude each other.
    """

    def _load_for_calls(self) -> None:
        _load_for_calls(self)

    chat: resources.Chat = _resource(".resources.chat.chat", "Chat")
    """Create chat completions."""
    embeddings: Embeddings = _resource(".bulk.resources", "Embeddings")
    """Create embeddings."""
    images: resources.Images = _resource(".resources.images", "Images")
    """Generate images."""
    models: resources.Models = _resource(".resources.models", "Models")
    """List and describe models."""
    batches: Batches = _resource(".bulk.resources", "Batches")
    """Answer requests later, at half the price."""
    files: resources.Files = _resource(".resources.files", "Files")
    """Upload, list and get files."""
    videos: resources.Videos = _resource(".resources.videos", "Videos")
    """Generate videos."""
    beta: resources.Beta = _resource(".resources.beta.beta", "Beta")
    """`chat`, at its former path."""
    map: Map[OpenAI] = _resource(".bulk.map", "Map")
    """Make many calls at once."""

    @cached_property
    def with_raw_response(self) -> OpenAIWithRawResponse:
        """This client, with methods that return `LegacyAPIResponse`, whose body has been read."""
        return OpenAIWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> OpenAIWithStreamedResponse:
        """This client, with methods that return the unread response (`APIResponse`)."""
        return OpenAIWithStreamedResponse(self)


class AsyncOpenAI(AsyncAPIClient, OpenAIOnly):
    """`OpenAI` for asyncio and trio. Each event loop gets its own connections.

    Make it before the loop runs, or at the start of the app: the first client of a process loads
    what calls need, in some 0.3 seconds.

    A function given as `api_key` may be a coroutine function, and `http_client` is an
    `httpx.AsyncClient` or `httpx2.AsyncClient`.
    """

    def _load_for_calls(self) -> None:
        _load_for_calls(self)

    chat: resources.AsyncChat = _resource(".resources.chat.chat", "AsyncChat")
    """Create chat completions."""
    embeddings: AsyncEmbeddings = _resource(".bulk.resources", "AsyncEmbeddings")
    """Create embeddings."""
    images: resources.AsyncImages = _resource(".resources.images", "AsyncImages")
    """Generate images."""
    models: resources.AsyncModels = _resource(".resources.models", "AsyncModels")
    """List and describe models."""
    batches: AsyncBatches = _resource(".bulk.resources", "AsyncBatches")
    """Answer requests later, at half the price."""
    files: resources.AsyncFiles = _resource(".resources.files", "AsyncFiles")
    """Upload, list and get files."""
    videos: resources.AsyncVideos = _resource(".resources.videos", "AsyncVideos")
    """Generate videos."""
    beta: resources.AsyncBeta = _resource(".resources.beta.beta", "AsyncBeta")
    """`chat`, at its former path."""
    map: AsyncMap[AsyncOpenAI] = _resource(".bulk.map", "AsyncMap")
    """Make many calls at once."""

    @cached_property
    def with_raw_response(self) -> AsyncOpenAIWithRawResponse:
        """This client, with methods that return `LegacyAPIResponse`, whose body has been read."""
        return AsyncOpenAIWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncOpenAIWithStreamedResponse:
        """This client, with methods that return the unread response (`AsyncAPIResponse`)."""
        return AsyncOpenAIWithStreamedResponse(self)


class _Resources(_views.ViewedGroup):
    batches: ClassVar[_views.ViewedResource[Batches, AsyncBatches]]
    beta: ClassVar[_views.ViewedResource[resources.Beta, resources.AsyncBeta]]
    chat: ClassVar[_views.ViewedResource[resources.Chat, resources.AsyncChat]]
    embeddings: ClassVar[_views.ViewedResource[Embeddings, AsyncEmbeddings]]
    files: ClassVar[_views.ViewedResource[resources.Files, resources.AsyncFiles]]
    images: ClassVar[_views.ViewedResource[resources.Images, resources.AsyncImages]]
    models: ClassVar[_views.ViewedResource[resources.Models, resources.AsyncModels]]
    videos: ClassVar[_views.ViewedResource[resources.Videos, resources.AsyncVideos]]


class OpenAIWithRawResponse(_Resources, _views.RawView):
    """`OpenAI`, whose methods return `LegacyAPIResponse`."""


class AsyncOpenAIWithRawResponse(_Resources, _views.AsyncRawView):
    """`AsyncOpenAI`, whose methods return `LegacyAPIResponse`."""


class OpenAIWithStreamedResponse(_Resources, _views.StreamedView):
    """`OpenAI`, whose methods return `APIResponse`."""


class AsyncOpenAIWithStreamedResponse(_Resources, _views.AsyncStreamedView):
    """`AsyncOpenAI`, whose methods return `AsyncAPIResponse`."""


Client = OpenAI
AsyncClient = AsyncOpenAI

# Programs and pickles refer to the classes by these names.
OpenAI.__module__ = AsyncOpenAI.__module__ = __package__ or ""
