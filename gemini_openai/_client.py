"""`OpenAI` and `AsyncOpenAI`: the verbs of `_base_client` and the resources that use them."""

from __future__ import annotations

from ._base_client import AsyncAPIClient, BaseClient, SyncAPIClient
from ._primitives.lazy import cached_property
from .resources._unsupported import OpenAIOnly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .bulk.map import AsyncMap, Map
    from .resources._with_response import (
        AsyncOpenAIWithRawResponse,
        AsyncOpenAIWithStreamedResponse,
        OpenAIWithRawResponse,
        OpenAIWithStreamedResponse,
    )
    from .resources.batches import AsyncBatches, Batches
    from .resources.beta.beta import AsyncBeta, Beta
    from .resources.chat.chat import AsyncChat, Chat
    from .resources.embeddings import AsyncEmbeddings, Embeddings
    from .resources.files import AsyncFiles, Files
    from .resources.images import AsyncImages, Images
    from .resources.models import AsyncModels, Models
    from .resources.videos import AsyncVideos, Videos

__all__ = ["AsyncClient", "AsyncOpenAI", "Client", "OpenAI"]


class OpenAI(SyncAPIClient, OpenAIOnly):
    __doc__ = (
        "Gemini behind the interface of `openai`, blocking. Any number of threads may use one.\n\n"
        + (BaseClient.__doc__ or "").partition("\n\n")[2]
    )

    @cached_property
    def chat(self) -> Chat:
        """Conversations."""
        from .resources.chat.chat import Chat

        return Chat(self)

    @cached_property
    def embeddings(self) -> Embeddings:
        """Vectors for texts."""
        from .resources.embeddings import Embeddings

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
        from .resources.batches import Batches

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
    def map(self) -> Map:
        """Many calls at once: `client.map(requests, concurrency=, rpm=, tpm=)`."""
        from .bulk.map import Map

        return Map(self)

    @cached_property
    def with_raw_response(self) -> OpenAIWithRawResponse:
        """This client, its methods giving the response (`LegacyAPIResponse`) beside the answer."""
        from .resources._with_response import OpenAIWithRawResponse

        return OpenAIWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> OpenAIWithStreamedResponse:
        """This client, its methods giving the response (`APIResponse`) before its body is read."""
        from .resources._with_response import OpenAIWithStreamedResponse

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
        from .resources.embeddings import AsyncEmbeddings

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
        from .resources.batches import AsyncBatches

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
    def map(self) -> AsyncMap:
        """Many calls at once: `client.map(requests, concurrency=, rpm=, tpm=)`."""
        from .bulk.map import AsyncMap

        return AsyncMap(self)

    @cached_property
    def with_raw_response(self) -> AsyncOpenAIWithRawResponse:
        """This client, its methods giving the response (`LegacyAPIResponse`) beside the answer."""
        from .resources._with_response import AsyncOpenAIWithRawResponse

        return AsyncOpenAIWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncOpenAIWithStreamedResponse:
        """This client, its methods giving the response (`AsyncAPIResponse`) before it is read."""
        from .resources._with_response import AsyncOpenAIWithStreamedResponse

        return AsyncOpenAIWithStreamedResponse(self)


Client = OpenAI
AsyncClient = AsyncOpenAI

# By these names programs know a client, and find it in a pickle.
OpenAI.__module__ = AsyncOpenAI.__module__ = __package__ or ""
