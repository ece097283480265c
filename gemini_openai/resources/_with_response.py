"""A resource to its views: the same methods, giving the response itself, read or still open.

A view of a method is made by `raw`, `streamed` and their async twins, which keep its parameters and
overloads for checkers; that is why these classes are spelled out. What reads `.chat` or `.files` of
a view goes to the resource and asks that for its view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from .._call.views import (
    async_raw,
    async_streamed,
    async_streamed_file,
    raw,
    streamed,
    streamed_file,
)

if TYPE_CHECKING:
    from .batches import AsyncBatches, Batches
    from .chat.completions.completions import AsyncCompletions, Completions
    from .embeddings import AsyncEmbeddings, Embeddings
    from .files import AsyncFiles, Files
    from .images import AsyncImages, Images
    from .models import AsyncModels, Models
    from .videos import AsyncVideos, Videos


class CompletionsWithRawResponse:
    """`Completions`, giving `LegacyAPIResponse`."""

    def __init__(self, completions: Completions) -> None:
        self.create = raw(completions.create)
        self.parse = raw(completions.parse)
        self.retrieve = raw(completions.retrieve)
        self.update = raw(completions.update)
        self.list = raw(completions.list)
        self.delete = raw(completions.delete)
        self.messages = completions.messages


class AsyncCompletionsWithRawResponse:
    """`AsyncCompletions`, giving `LegacyAPIResponse`."""

    def __init__(self, completions: AsyncCompletions) -> None:
        self.create = async_raw(completions.create)
        self.parse = async_raw(completions.parse)
        self.retrieve = async_raw(completions.retrieve)
        self.update = async_raw(completions.update)
        self.list = completions.list  # raises at once
        self.delete = async_raw(completions.delete)
        self.messages = completions.messages


class CompletionsWithStreamingResponse:
    """`Completions`, giving `APIResponse`."""

    def __init__(self, completions: Completions) -> None:
        self.create = streamed(completions.create)
        self.parse = streamed(completions.parse)
        self.retrieve = streamed(completions.retrieve)
        self.update = streamed(completions.update)
        self.list = streamed(completions.list)
        self.delete = streamed(completions.delete)
        self.messages = completions.messages


class AsyncCompletionsWithStreamingResponse:
    """`AsyncCompletions`, giving `AsyncAPIResponse`."""

    def __init__(self, completions: AsyncCompletions) -> None:
        self.create = async_streamed(completions.create)
        self.parse = async_streamed(completions.parse)
        self.retrieve = async_streamed(completions.retrieve)
        self.update = async_streamed(completions.update)
        self.list = completions.list  # raises at once
        self.delete = async_streamed(completions.delete)
        self.messages = completions.messages


class EmbeddingsWithRawResponse:
    """`Embeddings`, giving `LegacyAPIResponse`."""

    def __init__(self, embeddings: Embeddings) -> None:
        self.create = raw(embeddings.create)


class AsyncEmbeddingsWithRawResponse:
    """`AsyncEmbeddings`, giving `LegacyAPIResponse`."""

    def __init__(self, embeddings: AsyncEmbeddings) -> None:
        self.create = async_raw(embeddings.create)


class EmbeddingsWithStreamingResponse:
    """`Embeddings`, giving `APIResponse`."""

    def __init__(self, embeddings: Embeddings) -> None:
        self.create = streamed(embeddings.create)


class AsyncEmbeddingsWithStreamingResponse:
    """`AsyncEmbeddings`, giving `AsyncAPIResponse`."""

    def __init__(self, embeddings: AsyncEmbeddings) -> None:
        self.create = async_streamed(embeddings.create)


class ImagesWithRawResponse:
    """`Images`, giving `LegacyAPIResponse`."""

    def __init__(self, images: Images) -> None:
        self.generate = raw(images.generate)
        self.edit = raw(images.edit)
        self.create_variation = raw(images.create_variation)


class AsyncImagesWithRawResponse:
    """`AsyncImages`, giving `LegacyAPIResponse`."""

    def __init__(self, images: AsyncImages) -> None:
        self.generate = async_raw(images.generate)
        self.edit = async_raw(images.edit)
        self.create_variation = async_raw(images.create_variation)


class ImagesWithStreamingResponse:
    """`Images`, giving `APIResponse`."""

    def __init__(self, images: Images) -> None:
        self.generate = streamed(images.generate)
        self.edit = streamed(images.edit)
        self.create_variation = streamed(images.create_variation)


class AsyncImagesWithStreamingResponse:
    """`AsyncImages`, giving `AsyncAPIResponse`."""

    def __init__(self, images: AsyncImages) -> None:
        self.generate = async_streamed(images.generate)
        self.edit = async_streamed(images.edit)
        self.create_variation = async_streamed(images.create_variation)


class ModelsWithRawResponse:
    """`Models`, giving `LegacyAPIResponse`."""

    def __init__(self, models: Models) -> None:
        self.retrieve = raw(models.retrieve)
        self.list = raw(models.list)
        self.delete = raw(models.delete)


class AsyncModelsWithRawResponse:
    """`AsyncModels`, giving `LegacyAPIResponse`."""

    def __init__(self, models: AsyncModels) -> None:
        self.retrieve = async_raw(models.retrieve)
        self.list = async_raw(models.list)
        self.delete = async_raw(models.delete)


class ModelsWithStreamingResponse:
    """`Models`, giving `APIResponse`."""

    def __init__(self, models: Models) -> None:
        self.retrieve = streamed(models.retrieve)
        self.list = streamed(models.list)
        self.delete = streamed(models.delete)


class AsyncModelsWithStreamingResponse:
    """`AsyncModels`, giving `AsyncAPIResponse`."""

    def __init__(self, models: AsyncModels) -> None:
        self.retrieve = async_streamed(models.retrieve)
        self.list = async_streamed(models.list)
        self.delete = async_streamed(models.delete)


class BatchesWithRawResponse:
    """`Batches`, giving `LegacyAPIResponse`."""

    def __init__(self, batches: Batches) -> None:
        self.create = raw(batches.create)
        self.retrieve = raw(batches.retrieve)
        self.list = raw(batches.list)
        self.cancel = raw(batches.cancel)


class AsyncBatchesWithRawResponse:
    """`AsyncBatches`, giving `LegacyAPIResponse`."""

    def __init__(self, batches: AsyncBatches) -> None:
        self.create = async_raw(batches.create)
        self.retrieve = async_raw(batches.retrieve)
        self.list = async_raw(batches.list)
        self.cancel = async_raw(batches.cancel)


class BatchesWithStreamingResponse:
    """`Batches`, giving `APIResponse`."""

    def __init__(self, batches: Batches) -> None:
        self.create = streamed(batches.create)
        self.retrieve = streamed(batches.retrieve)
        self.list = streamed(batches.list)
        self.cancel = streamed(batches.cancel)


class AsyncBatchesWithStreamingResponse:
    """`AsyncBatches`, giving `AsyncAPIResponse`."""

    def __init__(self, batches: AsyncBatches) -> None:
        self.create = async_streamed(batches.create)
        self.retrieve = async_streamed(batches.retrieve)
        self.list = async_streamed(batches.list)
        self.cancel = async_streamed(batches.cancel)


class FilesWithRawResponse:
    """`Files`, giving `LegacyAPIResponse`."""

    def __init__(self, files: Files) -> None:
        self.create = raw(files.create)
        self.retrieve = raw(files.retrieve)
        self.list = raw(files.list)
        self.delete = raw(files.delete)
        self.content = raw(files.content)
        self.retrieve_content = raw(files.retrieve_content)


class AsyncFilesWithRawResponse:
    """`AsyncFiles`, giving `LegacyAPIResponse`."""

    def __init__(self, files: AsyncFiles) -> None:
        self.create = async_raw(files.create)
        self.retrieve = async_raw(files.retrieve)
        self.list = async_raw(files.list)
        self.delete = async_raw(files.delete)
        self.content = async_raw(files.content)
        self.retrieve_content = async_raw(files.retrieve_content)


class FilesWithStreamingResponse:
    """`Files`, giving `APIResponse`."""

    def __init__(self, files: Files) -> None:
        self.create = streamed(files.create)
        self.retrieve = streamed(files.retrieve)
        self.list = streamed(files.list)
        self.delete = streamed(files.delete)
        self.content = streamed_file(files.content)
        self.retrieve_content = streamed(files.retrieve_content)


class AsyncFilesWithStreamingResponse:
    """`AsyncFiles`, giving `AsyncAPIResponse`."""

    def __init__(self, files: AsyncFiles) -> None:
        self.create = async_streamed(files.create)
        self.retrieve = async_streamed(files.retrieve)
        self.list = async_streamed(files.list)
        self.delete = async_streamed(files.delete)
        self.content = async_streamed_file(files.content)
        self.retrieve_content = async_streamed(files.retrieve_content)


class VideosWithRawResponse:
    """`Videos`, giving `LegacyAPIResponse`."""

    def __init__(self, videos: Videos) -> None:
        self.create = raw(videos.create)
        self.retrieve = raw(videos.retrieve)
        self.download_content = raw(videos.download_content)
        self.list = raw(videos.list)
        self.delete = raw(videos.delete)
        self.remix = raw(videos.remix)
        self.edit = raw(videos.edit)
        self.extend = raw(videos.extend)
        self.create_character = raw(videos.create_character)
        self.get_character = raw(videos.get_character)


class AsyncVideosWithRawResponse:
    """`AsyncVideos`, giving `LegacyAPIResponse`."""

    def __init__(self, videos: AsyncVideos) -> None:
        self.create = async_raw(videos.create)
        self.retrieve = async_raw(videos.retrieve)
        self.download_content = async_raw(videos.download_content)
        self.list = videos.list  # raises at once
        self.delete = async_raw(videos.delete)
        self.remix = async_raw(videos.remix)
        self.edit = async_raw(videos.edit)
        self.extend = async_raw(videos.extend)
        self.create_character = async_raw(videos.create_character)
        self.get_character = async_raw(videos.get_character)


class VideosWithStreamingResponse:
    """`Videos`, giving `APIResponse`."""

    def __init__(self, videos: Videos) -> None:
        self.create = streamed(videos.create)
        self.retrieve = streamed(videos.retrieve)
        self.download_content = streamed_file(videos.download_content)
        self.list = streamed(videos.list)
        self.delete = streamed(videos.delete)
        self.remix = streamed(videos.remix)
        self.edit = streamed(videos.edit)
        self.extend = streamed(videos.extend)
        self.create_character = streamed(videos.create_character)
        self.get_character = streamed(videos.get_character)


class AsyncVideosWithStreamingResponse:
    """`AsyncVideos`, giving `AsyncAPIResponse`."""

    def __init__(self, videos: AsyncVideos) -> None:
        self.create = async_streamed(videos.create)
        self.retrieve = async_streamed(videos.retrieve)
        self.download_content = async_streamed_file(videos.download_content)
        self.list = videos.list  # raises at once
        self.delete = async_streamed(videos.delete)
        self.remix = async_streamed(videos.remix)
        self.edit = async_streamed(videos.edit)
        self.extend = async_streamed(videos.extend)
        self.create_character = async_streamed(videos.create_character)
        self.get_character = async_streamed(videos.get_character)


class _Group:
    """The resources of a client or group, each as the view of it that `_view` names."""

    _view: ClassVar[str]

    def __init__(self, group: object) -> None:
        self._group = group

    if not TYPE_CHECKING:  # for a checker, the resources are those the classes below name

        def __getattr__(self, name: str) -> object:
            if name.startswith("_"):
                raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")
            return getattr(getattr(self._group, name), self._view)

        def __dir__(self) -> list[str]:
            return [*super().__dir__(), *type(self).__annotations__]


class _Raw(_Group):
    _view = "with_raw_response"


class _Streamed(_Group):
    _view = "with_streaming_response"


class ChatWithRawResponse(_Raw):
    """`Chat`, giving `LegacyAPIResponse`."""

    completions: CompletionsWithRawResponse


class AsyncChatWithRawResponse(_Raw):
    """`AsyncChat`, giving `LegacyAPIResponse`."""

    completions: AsyncCompletionsWithRawResponse


class ChatWithStreamingResponse(_Streamed):
    """`Chat`, giving `APIResponse`."""

    completions: CompletionsWithStreamingResponse


class AsyncChatWithStreamingResponse(_Streamed):
    """`AsyncChat`, giving `AsyncAPIResponse`."""

    completions: AsyncCompletionsWithStreamingResponse


class BetaWithRawResponse(_Raw):
    """`Beta`, giving `LegacyAPIResponse`."""

    chat: ChatWithRawResponse


class AsyncBetaWithRawResponse(_Raw):
    """`AsyncBeta`, giving `LegacyAPIResponse`."""

    chat: AsyncChatWithRawResponse


class BetaWithStreamingResponse(_Streamed):
    """`Beta`, giving `APIResponse`."""

    chat: ChatWithStreamingResponse


class AsyncBetaWithStreamingResponse(_Streamed):
    """`AsyncBeta`, giving `AsyncAPIResponse`."""

    chat: AsyncChatWithStreamingResponse


class OpenAIWithRawResponse(_Raw):
    """`OpenAI`, giving `LegacyAPIResponse`."""

    batches: BatchesWithRawResponse
    beta: BetaWithRawResponse
    chat: ChatWithRawResponse
    embeddings: EmbeddingsWithRawResponse
    files: FilesWithRawResponse
    images: ImagesWithRawResponse
    models: ModelsWithRawResponse
    videos: VideosWithRawResponse


class AsyncOpenAIWithRawResponse(_Raw):
    """`AsyncOpenAI`, giving `LegacyAPIResponse`."""

    batches: AsyncBatchesWithRawResponse
    beta: AsyncBetaWithRawResponse
    chat: AsyncChatWithRawResponse
    embeddings: AsyncEmbeddingsWithRawResponse
    files: AsyncFilesWithRawResponse
    images: AsyncImagesWithRawResponse
    models: AsyncModelsWithRawResponse
    videos: AsyncVideosWithRawResponse


class OpenAIWithStreamedResponse(_Streamed):
    """`OpenAI`, giving `APIResponse`."""

    batches: BatchesWithStreamingResponse
    beta: BetaWithStreamingResponse
    chat: ChatWithStreamingResponse
    embeddings: EmbeddingsWithStreamingResponse
    files: FilesWithStreamingResponse
    images: ImagesWithStreamingResponse
    models: ModelsWithStreamingResponse
    videos: VideosWithStreamingResponse


class AsyncOpenAIWithStreamedResponse(_Streamed):
    """`AsyncOpenAI`, giving `AsyncAPIResponse`."""

    batches: AsyncBatchesWithStreamingResponse
    beta: AsyncBetaWithStreamingResponse
    chat: AsyncChatWithStreamingResponse
    embeddings: AsyncEmbeddingsWithStreamingResponse
    files: AsyncFilesWithStreamingResponse
    images: AsyncImagesWithStreamingResponse
    models: AsyncModelsWithStreamingResponse
    videos: AsyncVideosWithStreamingResponse
