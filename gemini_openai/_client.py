"""`OpenAI` and `AsyncOpenAI`: the verbs of `_base_client` and the resources that use them."""

from __future__ import annotations

from ._base_client import AsyncAPIClient, SyncAPIClient
from ._primitives.lazy import cached_property
from .resources._group_views import RawGroupView, StreamedGroupView
from .resources._unsupported import OpenAIOnly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .bulk.map import AsyncMap, Map
    from .bulk.resources import AsyncBatches, AsyncEmbeddings, Batches, Embeddings
    from .resources.batches import (
        AsyncBatchesWithRawResponse,
        AsyncBatchesWithStreamingResponse,
        BatchesWithRawResponse,
        BatchesWithStreamingResponse,
    )
    from .resources.beta.beta import (
        AsyncBeta,
        AsyncBetaWithRawResponse,
        AsyncBetaWithStreamingResponse,
        Beta,
        BetaWithRawResponse,
        BetaWithStreamingResponse,
    )
    from .resources.chat.chat import (
        AsyncChat,
        AsyncChatWithRawResponse,
        AsyncChatWithStreamingResponse,
        Chat,
        ChatWithRawResponse,
        ChatWithStreamingResponse,
    )
    from .resources.embeddings import (
        AsyncEmbeddingsWithRawResponse,
        AsyncEmbeddingsWithStreamingResponse,
        EmbeddingsWithRawResponse,
        EmbeddingsWithStreamingResponse,
    )
    from .resources.files import (
        AsyncFiles,
        AsyncFilesWithRawResponse,
        AsyncFilesWithStreamingResponse,
        Files,
        FilesWithRawResponse,
        FilesWithStreamingResponse,
    )
    from .resources.images import (
        AsyncImages,
        AsyncImagesWithRawResponse,
        AsyncImagesWithStreamingResponse,
        Images,
        ImagesWithRawResponse,
        ImagesWithStreamingResponse,
    )
    from .resources.models import (
        AsyncModels,
        AsyncModelsWithRawResponse,
        AsyncModelsWithStreamingResponse,
        Models,
        ModelsWithRawResponse,
        ModelsWithStreamingResponse,
    )
    from .resources.videos import (
        AsyncVideos,
        AsyncVideosWithRawResponse,
        AsyncVideosWithStreamingResponse,
        Videos,
        VideosWithRawResponse,
        VideosWithStreamingResponse,
    )

__all__ = ["AsyncClient", "AsyncOpenAI", "Client", "OpenAI"]


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

    @cached_property
    def chat(self) -> Chat:
        """Conversations."""
        from .resources.chat.chat import Chat

        return Chat(self)

    @cached_property
    def embeddings(self) -> Embeddings:
        """Vectors for texts."""
        from .bulk.resources import Embeddings

        return Embeddings(self)

    @cached_property
    def images(self) -> Images:
        """Pictures made to a description."""
        from .resources.images import Images

        return Images(self)

    @cached_property
    def models(self) -> Models:
        """The models there are."""
        from .resources.models import Models

        return Models(self)

    @cached_property
    def batches(self) -> Batches:
        """Requests answered together, later and cheaper."""
        from .bulk.resources import Batches

        return Batches(self)

    @cached_property
    def files(self) -> Files:
        """Uploaded and generated files."""
        from .resources.files import Files

        return Files(self)

    @cached_property
    def videos(self) -> Videos:
        """Films made to a description."""
        from .resources.videos import Videos

        return Videos(self)

    @cached_property
    def beta(self) -> Beta:
        """`chat`, at the path it had while it was new."""
        from .resources.beta.beta import Beta

        return Beta(self)

    @cached_property
    def map(self) -> Map[OpenAI]:
        """Many calls at once: `client.map(requests, concurrency=, rpm=, tpm=)`."""
        from .bulk.map import Map

        return Map(self)

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

    @cached_property
    def chat(self) -> AsyncChat:
        """Conversations."""
        from .resources.chat.chat import AsyncChat

        return AsyncChat(self)

    @cached_property
    def embeddings(self) -> AsyncEmbeddings:
        """Vectors for texts."""
        from .bulk.resources import AsyncEmbeddings

        return AsyncEmbeddings(self)

    @cached_property
    def images(self) -> AsyncImages:
        """Pictures made to a description."""
        from .resources.images import AsyncImages

        return AsyncImages(self)

    @cached_property
    def models(self) -> AsyncModels:
        """The models there are."""
        from .resources.models import AsyncModels

        return AsyncModels(self)

    @cached_property
    def batches(self) -> AsyncBatches:
        """Requests answered together, later and cheaper."""
        from .bulk.resources import AsyncBatches

        return AsyncBatches(self)

    @cached_property
    def files(self) -> AsyncFiles:
        """Uploaded and generated files."""
        from .resources.files import AsyncFiles

        return AsyncFiles(self)

    @cached_property
    def videos(self) -> AsyncVideos:
        """Films made to a description."""
        from .resources.videos import AsyncVideos

        return AsyncVideos(self)

    @cached_property
    def beta(self) -> AsyncBeta:
        """`chat`, at the path it had while it was new."""
        from .resources.beta.beta import AsyncBeta

        return AsyncBeta(self)

    @cached_property
    def map(self) -> AsyncMap[AsyncOpenAI]:
        """Many calls at once: `client.map(requests, concurrency=, rpm=, tpm=)`."""
        from .bulk.map import AsyncMap

        return AsyncMap(self)

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

    batches: BatchesWithRawResponse
    beta: BetaWithRawResponse
    chat: ChatWithRawResponse
    embeddings: EmbeddingsWithRawResponse
    files: FilesWithRawResponse
    images: ImagesWithRawResponse
    models: ModelsWithRawResponse
    videos: VideosWithRawResponse


class AsyncOpenAIWithRawResponse(RawGroupView):
    """`AsyncOpenAI`, giving `LegacyAPIResponse`."""

    batches: AsyncBatchesWithRawResponse
    beta: AsyncBetaWithRawResponse
    chat: AsyncChatWithRawResponse
    embeddings: AsyncEmbeddingsWithRawResponse
    files: AsyncFilesWithRawResponse
    images: AsyncImagesWithRawResponse
    models: AsyncModelsWithRawResponse
    videos: AsyncVideosWithRawResponse


class OpenAIWithStreamedResponse(StreamedGroupView):
    """`OpenAI`, giving `APIResponse`."""

    batches: BatchesWithStreamingResponse
    beta: BetaWithStreamingResponse
    chat: ChatWithStreamingResponse
    embeddings: EmbeddingsWithStreamingResponse
    files: FilesWithStreamingResponse
    images: ImagesWithStreamingResponse
    models: ModelsWithStreamingResponse
    videos: VideosWithStreamingResponse


class AsyncOpenAIWithStreamedResponse(StreamedGroupView):
    """`AsyncOpenAI`, giving `AsyncAPIResponse`."""

    batches: AsyncBatchesWithStreamingResponse
    beta: AsyncBetaWithStreamingResponse
    chat: AsyncChatWithStreamingResponse
    embeddings: AsyncEmbeddingsWithStreamingResponse
    files: AsyncFilesWithStreamingResponse
    images: AsyncImagesWithStreamingResponse
    models: AsyncModelsWithStreamingResponse
    videos: AsyncVideosWithStreamingResponse


Client = OpenAI
AsyncClient = AsyncOpenAI

# Programs and pickles refer to the classes by these names.
OpenAI.__module__ = AsyncOpenAI.__module__ = __package__ or ""
