"""`OpenAI` and `AsyncOpenAI`: the verbs of `_base_client` and the resources that use them."""

from __future__ import annotations

from importlib import import_module

from ._base_client import AsyncAPIClient, SyncAPIClient
from ._primitives.lazy import cached_property
from .resources._group_views import RawGroupView, StreamedGroupView
from .resources._unsupported import OpenAIOnly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from . import resources
    from .bulk.map import AsyncMap, Map
    from .bulk.resources import AsyncBatches, AsyncEmbeddings, Batches, Embeddings

__all__ = ["AsyncClient", "AsyncOpenAI", "Client", "OpenAI"]


def _resource(module: str, name: str, doc: str) -> Any:
    """A resource of a client: its module is loaded, and it is made, when it is first asked for."""

    def make(client: object) -> object:
        return getattr(import_module(module, __package__), name)(client)

    make.__doc__ = doc
    return cached_property(make)


class OpenAI(SyncAPIClient, OpenAIOnly):
    """Gemini behind the interface of `openai`, blocking. Any number of threads may use one.

    Args:
        api_key: a Gemini API key, or a function that gives one and is asked before every attempt
            (for the async client, also a coroutine function). Without it `GOOGLE_API_KEY` and then
            `GEMINI_API_KEY` are read.
        base_url: another server than Gemini's, for example an emulator or a gateway. Google's own
            host may be given bare or with any of the paths people paste. A URL of Vertex AI's, by
            its host or with `/projects/…/locations/…/endpoints/…` in it, is talked to as Vertex is.
        vertexai: talk to Vertex AI, with Google credentials in place of a key. If not said, what
            `GOOGLE_GENAI_USE_VERTEXAI` says.
        project: on Vertex the Google Cloud project; else `GOOGLE_CLOUD_PROJECT`, or that of the
            credentials. Without Vertex it is OpenAI's `project`, and has no effect.
        location: on Vertex `global`, `us`, `eu` or a region; else `GOOGLE_CLOUD_LOCATION`, or
            `global`.
        credentials: google-auth credentials for Vertex. Without them, and without `api_key`,
            those of the environment are found at the first call. They are refreshed in time.
        endpoint_id: on Vertex, a self-deployed model's endpoint.
        dedicated_host: and that endpoint's own host, if it has one.
        universe_domain: another cloud than `googleapis.com`.
        timeout: seconds for one attempt, or an `httpx.Timeout` or `httpx2.Timeout`; None for no
            limit. 600 if not given, of which 5 to connect.
        max_retries: how often a request that failed in passing is tried again.
        retry_budget: seconds one call may spend waiting between attempts. A wait the server asks
            for is kept if it fits, and the error raised at once if it does not.
        default_headers: sent with every request; `omit` as a value leaves a default one out.
        default_query: sent with every request.
        http_client: an HTTP client of httpx or httpx2 to send with; `close` closes it too.
            Make it after a fork: a child that uses its parent's may get the parent's answers. The
            client's own connections are made anew in a child.
        unsupported: what becomes of parameters Gemini does not take: `"warn"` leaves them out
            with a warning for each, `"drop"` without, `"error"` raises `UnsupportedParameterError`.
        repairs: False for none of the repairs in docs/dialect.md, or their names with False for
            those not to make.
        model_map: names the app uses to the models to ask for: `{"gpt-4o": "gemini-pro-latest"}`.
        reasoning_efforts: what to send for a `reasoning_effort` that a model cannot do, by
            patterns of model names: `{"gemini-3*-pro*": {"minimal": "low"}}`.
        _strict_response_validation: raise `APIResponseValidationError` for an answer that does not
            fit its model, where it would be kept as far as it goes.
        _enforce_credentials: with False, no key at all is no error.
        organization: OpenAI's, as are `webhook_secret`, `websocket_base_url`, `admin_api_key`,
            `workload_identity`, `provider` and `data_residency`: accepted and kept as attributes,
            without effect on Gemini.

    Raises:
        OpenAIError: there is no API key, or on Vertex no project; the message says where it was
            looked for. Or the key has a character that no header can carry.
        TypeError: `http_client`, `credentials` or `max_retries` is of the wrong kind.
        ValueError: `unsupported` or `repairs` has a name that is not known, or arguments exclude
            each other.
    """

    chat: resources.Chat = _resource(".resources.chat.chat", "Chat", "Answer conversations.")
    embeddings: Embeddings = _resource(".bulk.resources", "Embeddings", "Make vectors of texts.")
    images: resources.Images = _resource(
        ".resources.images", "Images", "Make pictures from descriptions."
    )
    models: resources.Models = _resource(".resources.models", "Models", "List and describe models.")
    batches: Batches = _resource(
        ".bulk.resources", "Batches", "Answer requests later, at half the price."
    )
    files: resources.Files = _resource(".resources.files", "Files", "Upload, list and get files.")
    videos: resources.Videos = _resource(
        ".resources.videos", "Videos", "Make films from descriptions."
    )
    beta: resources.Beta = _resource(".resources.beta.beta", "Beta", "`chat`, at its former path.")
    map: Map[OpenAI] = _resource(".bulk.map", "Map", "Make many calls at once.")

    @cached_property
    def with_raw_response(self) -> OpenAIWithRawResponse:
        """This client, its methods giving the response (`LegacyAPIResponse`) beside the answer."""
        return OpenAIWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> OpenAIWithStreamedResponse:
        """This client, its methods giving the response (`APIResponse`) before its body is read."""
        return OpenAIWithStreamedResponse(self)


class AsyncOpenAI(AsyncAPIClient, OpenAIOnly):
    """`OpenAI` for asyncio and trio. Each event loop gets connections of its own.

    A function given as `api_key` may be a coroutine function, and `http_client` is an
    `httpx.AsyncClient` or `httpx2.AsyncClient`.
    """

    chat: resources.AsyncChat = _resource(
        ".resources.chat.chat", "AsyncChat", "Answer conversations."
    )
    embeddings: AsyncEmbeddings = _resource(
        ".bulk.resources", "AsyncEmbeddings", "Make vectors of texts."
    )
    images: resources.AsyncImages = _resource(
        ".resources.images", "AsyncImages", "Make pictures from descriptions."
    )
    models: resources.AsyncModels = _resource(
        ".resources.models", "AsyncModels", "List and describe models."
    )
    batches: AsyncBatches = _resource(
        ".bulk.resources", "AsyncBatches", "Answer requests later, at half the price."
    )
    files: resources.AsyncFiles = _resource(
        ".resources.files", "AsyncFiles", "Upload, list and get files."
    )
    videos: resources.AsyncVideos = _resource(
        ".resources.videos", "AsyncVideos", "Make films from descriptions."
    )
    beta: resources.AsyncBeta = _resource(
        ".resources.beta.beta", "AsyncBeta", "`chat`, at its former path."
    )
    map: AsyncMap[AsyncOpenAI] = _resource(".bulk.map", "AsyncMap", "Make many calls at once.")

    @cached_property
    def with_raw_response(self) -> AsyncOpenAIWithRawResponse:
        """This client, its methods giving the response (`LegacyAPIResponse`) beside the answer."""
        return AsyncOpenAIWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncOpenAIWithStreamedResponse:
        """This client, its methods giving the response (`AsyncAPIResponse`) before it is read."""
        return AsyncOpenAIWithStreamedResponse(self)


class OpenAIWithRawResponse(RawGroupView):
    """`OpenAI`, giving `LegacyAPIResponse`."""

    batches: resources.batches.BatchesWithRawResponse
    beta: resources.beta.beta.BetaWithRawResponse
    chat: resources.chat.chat.ChatWithRawResponse
    embeddings: resources.embeddings.EmbeddingsWithRawResponse
    files: resources.files.FilesWithRawResponse
    images: resources.images.ImagesWithRawResponse
    models: resources.models.ModelsWithRawResponse
    videos: resources.videos.VideosWithRawResponse


class AsyncOpenAIWithRawResponse(RawGroupView):
    """`AsyncOpenAI`, giving `LegacyAPIResponse`."""

    batches: resources.batches.AsyncBatchesWithRawResponse
    beta: resources.beta.beta.AsyncBetaWithRawResponse
    chat: resources.chat.chat.AsyncChatWithRawResponse
    embeddings: resources.embeddings.AsyncEmbeddingsWithRawResponse
    files: resources.files.AsyncFilesWithRawResponse
    images: resources.images.AsyncImagesWithRawResponse
    models: resources.models.AsyncModelsWithRawResponse
    videos: resources.videos.AsyncVideosWithRawResponse


class OpenAIWithStreamedResponse(StreamedGroupView):
    """`OpenAI`, giving `APIResponse`."""

    batches: resources.batches.BatchesWithStreamingResponse
    beta: resources.beta.beta.BetaWithStreamingResponse
    chat: resources.chat.chat.ChatWithStreamingResponse
    embeddings: resources.embeddings.EmbeddingsWithStreamingResponse
    files: resources.files.FilesWithStreamingResponse
    images: resources.images.ImagesWithStreamingResponse
    models: resources.models.ModelsWithStreamingResponse
    videos: resources.videos.VideosWithStreamingResponse


class AsyncOpenAIWithStreamedResponse(StreamedGroupView):
    """`AsyncOpenAI`, giving `AsyncAPIResponse`."""

    batches: resources.batches.AsyncBatchesWithStreamingResponse
    beta: resources.beta.beta.AsyncBetaWithStreamingResponse
    chat: resources.chat.chat.AsyncChatWithStreamingResponse
    embeddings: resources.embeddings.AsyncEmbeddingsWithStreamingResponse
    files: resources.files.AsyncFilesWithStreamingResponse
    images: resources.images.AsyncImagesWithStreamingResponse
    models: resources.models.AsyncModelsWithStreamingResponse
    videos: resources.videos.AsyncVideosWithStreamingResponse


Client = OpenAI
AsyncClient = AsyncOpenAI

# Programs and pickles refer to the classes by these names.
OpenAI.__module__ = AsyncOpenAI.__module__ = __package__ or ""
