"""Make films from a description, and wait for them: `videos`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .._call.deadline import pause
from .._call.request import make_call
from .._call.signature import spell_out
from .._constants import RAW_RESPONSE_HEADER
from .._exceptions import OpenAIError
from .._legacy_response import HttpxBinaryResponseContent
from .._primitives.given import is_given, omit
from .._primitives.urls import path_id
from .._types import RequestExtras
from ..types.video import Video
from ..types.video_create_params import (
    VideoCreateCharacterParams,
    VideoCreateParams,
    VideoDownloadContentParams,
    VideoEditParams,
    VideoExtendParams,
    VideoListParams,
    VideoRemixParams,
)
from ._polling import one_deadline
from ._resource import AsyncAPIResource, SyncAPIResource
from ._unsupported import not_supported, unsupported_async_method, unsupported_method
from ._views import AsyncRawView, AsyncStreamedView, RawView, StreamedView, Viewed, view_as

if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Unpack

    from .._call.request import Call
    from .._types import FileTypes, Maybe

__all__ = ["AsyncVideos", "Videos"]

_PENDING = frozenset({"queued", "in_progress"})
_POLL_SECONDS = 10.0  # as often as Google's own samples ask


class CreateParams(VideoCreateParams, RequestExtras, total=False):
    """Everything `create` takes."""


class DownloadParams(VideoDownloadContentParams, RequestExtras, total=False):
    """Everything `download_content` takes beside the id."""


class UnsupportedVideos:
    """Methods that raise `NotSupportedError`: Gemini keeps no list of films and changes none."""

    list = unsupported_method("videos.list", VideoListParams)
    delete = unsupported_method("videos.delete", first="video_id")
    remix = unsupported_method("videos.remix", VideoRemixParams, first="video_id")
    edit = unsupported_method("videos.edit", VideoEditParams)
    extend = unsupported_method("videos.extend", VideoExtendParams)
    create_character = unsupported_method("videos.create_character", VideoCreateCharacterParams)
    get_character = unsupported_method("videos.get_character", first="character_id")


class AsyncUnsupportedVideos:
    """`UnsupportedVideos`, raising when awaited."""

    list = unsupported_method("videos.list", VideoListParams)
    delete = unsupported_async_method("videos.delete", first="video_id")
    remix = unsupported_async_method("videos.remix", VideoRemixParams, first="video_id")
    edit = unsupported_async_method("videos.edit", VideoEditParams)
    extend = unsupported_async_method("videos.extend", VideoExtendParams)
    create_character = unsupported_async_method(
        "videos.create_character", VideoCreateCharacterParams
    )
    get_character = unsupported_async_method("videos.get_character", first="character_id")


class Videos(SyncAPIResource, UnsupportedVideos):
    """Make films with Veo, wait for them and get them."""

    with_raw_response = view_as(lambda: VideosWithRawResponse)
    with_streaming_response = view_as(lambda: VideosWithStreamingResponse)

    @spell_out(CreateParams)
    def create(self, **params: Unpack[CreateParams]) -> Video:
        """Begin to make a film; `poll` waits until it is done.

        Args:
            **params: all that `openai` takes here. Gemini heeds `prompt` and `model`, and has
                length, shape and pictures to begin with in `extra_body`.

        Raises:
            TypeError: a keyword is unknown or missing.
            RuntimeError: `input_reference` is no file.
            APIError: no answer came, or a refusal; the subclass says which.
        """
        return self._send(create_call(params))

    @spell_out(RequestExtras)
    def retrieve(self, video_id: str, **extras: Unpack[RequestExtras]) -> Video:
        """Say how far a film is. Raises `ValueError` for an empty id."""
        return self._send(retrieve_call(video_id, extras))

    @spell_out(CreateParams)
    def create_and_poll(
        self, *, poll_interval_ms: Maybe[int] = omit, **params: Unpack[CreateParams]
    ) -> Video:
        """Make a film and wait until it is done or failed; see `create` and `poll`."""
        params = one_deadline(params, self._client)
        video = self.create(**params)
        return self._poll(video.id, poll_interval_ms, _extras_of(params))

    def poll(self, video_id: str, *, poll_interval_ms: Maybe[int] = omit) -> Video:
        """Ask every `poll_interval_ms` (10 000 if not given) until a film is done or failed."""
        extras = one_deadline(RequestExtras(), self._client)
        return self._poll(video_id, poll_interval_ms, extras)

    def _poll(self, video_id: str, milliseconds: Maybe[int], extras: RequestExtras) -> Video:
        while (video := self.retrieve(video_id, **extras)).status in _PENDING:
            seconds = milliseconds / 1000 if is_given(milliseconds) else _POLL_SECONDS
            self._sleep(pause(seconds, extras.get("deadline")))
        return video

    @spell_out(DownloadParams)
    def download_content(
        self, video_id: str, **params: Unpack[DownloadParams]
    ) -> HttpxBinaryResponseContent:
        """Get a finished film: ask where it is, and get it from there.

        Raises:
            ValueError: the id is empty.
            OpenAIError: it is not done, or failed.
            NotSupportedError: `variant` is not the film itself.
            APIError: no answer came, or a refusal; the subclass says which.
        """
        params = one_deadline(params, self._client)
        video = self.retrieve(video_id, **_extras_of(params))
        return self._send(download_call(video, params))

    download = download_content


class AsyncVideos(AsyncAPIResource, AsyncUnsupportedVideos):
    """Make films with Veo, wait for them and get them."""

    with_raw_response = view_as(lambda: AsyncVideosWithRawResponse)
    with_streaming_response = view_as(lambda: AsyncVideosWithStreamingResponse)

    @spell_out(CreateParams)
    async def create(self, **params: Unpack[CreateParams]) -> Video:
        """Begin to make a film; see `Videos.create`."""
        return await self._send(create_call(params))

    @spell_out(RequestExtras)
    async def retrieve(self, video_id: str, **extras: Unpack[RequestExtras]) -> Video:
        """Say how far a film is. Raises `ValueError` for an empty id."""
        return await self._send(retrieve_call(video_id, extras))

    @spell_out(CreateParams)
    async def create_and_poll(
        self, *, poll_interval_ms: Maybe[int] = omit, **params: Unpack[CreateParams]
    ) -> Video:
        """Make a film and wait until it is done or failed; see `Videos.create`."""
        params = one_deadline(params, self._client)
        video = await self.create(**params)
        return await self._poll(video.id, poll_interval_ms, _extras_of(params))

    async def poll(self, video_id: str, *, poll_interval_ms: Maybe[int] = omit) -> Video:
        """Ask every `poll_interval_ms` (10 000 if not given) until a film is done or failed."""
        extras = one_deadline(RequestExtras(), self._client)
        return await self._poll(video_id, poll_interval_ms, extras)

    async def _poll(self, video_id: str, milliseconds: Maybe[int], extras: RequestExtras) -> Video:
        while (video := await self.retrieve(video_id, **extras)).status in _PENDING:
            seconds = milliseconds / 1000 if is_given(milliseconds) else _POLL_SECONDS
            await self._sleep(pause(seconds, extras.get("deadline")))
        return video

    @spell_out(DownloadParams)
    async def download_content(
        self, video_id: str, **params: Unpack[DownloadParams]
    ) -> HttpxBinaryResponseContent:
        """Get a finished film; see `Videos.download_content`."""
        params = one_deadline(params, self._client)
        video = await self.retrieve(video_id, **_extras_of(params))
        return await self._send(download_call(video, params))

    download = download_content


class _VideoMethods:
    create = Viewed(Videos.create, AsyncVideos.create)
    retrieve = Viewed(Videos.retrieve, AsyncVideos.retrieve)
    download_content = Viewed(Videos.download_content, AsyncVideos.download_content)


class VideosWithRawResponse(_VideoMethods, RawView, UnsupportedVideos):
    """`Videos`, giving `LegacyAPIResponse`."""


class AsyncVideosWithRawResponse(_VideoMethods, AsyncRawView, AsyncUnsupportedVideos):
    """`AsyncVideos`, giving `LegacyAPIResponse`."""


class VideosWithStreamingResponse(_VideoMethods, StreamedView, UnsupportedVideos):
    """`Videos`, giving `APIResponse`."""


class AsyncVideosWithStreamingResponse(_VideoMethods, AsyncStreamedView, UnsupportedVideos):
    """`AsyncVideos`, giving `AsyncAPIResponse`."""


def create_call(params: CreateParams) -> Call[Video]:
    """The form that `create` sends."""
    form: dict[str, Any] = {**params}
    files: dict[str, FileTypes] = {}
    if not isinstance(form.get("input_reference"), (Mapping, type(None))):
        files["input_reference"] = form.pop("input_reference")
    return make_call("post", "/videos", Video, form, files=files)


def retrieve_call(video_id: str, extras: RequestExtras) -> Call[Video]:
    """The request that `retrieve` sends. Raises `ValueError` for an empty id."""
    path = f"/videos/{path_id('video_id', video_id)}"
    return make_call("get", path, Video, extras)


def download_call(video: Video, params: DownloadParams) -> Call[HttpxBinaryResponseContent]:
    """The request for the film itself. Raises `OpenAIError` when there is none yet."""
    path, query = _download_path(video), {**params}
    if path.startswith("http") and query.pop("variant", "video") != "video":
        raise not_supported("videos.download_content with that variant")
    binary = {"Accept": "application/binary"}
    return make_call("get", path, HttpxBinaryResponseContent, query, headers=binary)


def _download_path(video: Video) -> str:
    """Where the film itself is: Gemini gives a URL, OpenAI's servers have a path below the id's."""
    if video.status in _PENDING:
        raise OpenAIError(
            f"The video {video.id} is not done yet ({video.status}). Wait with videos.poll."
        )
    if video.status == "failed":
        why = video.error.message if video.error else "the server does not say why"
        raise OpenAIError(f"The video {video.id} could not be made: {why}")
    url = getattr(video, "url", None)
    return url if isinstance(url, str) else f"/videos/{path_id('video_id', video.id)}/content"


def _extras_of(params: CreateParams | DownloadParams) -> RequestExtras:
    """The options of one request for the others that the same method sends."""
    extras: RequestExtras = {}
    if "extra_query" in params:
        extras["extra_query"] = params["extra_query"]
    if "timeout" in params:
        extras["timeout"] = params["timeout"]
    if "deadline" in params:
        extras["deadline"] = params["deadline"]
    if headers := params.get("extra_headers"):
        # The response that a view shows is the last one.
        extras["extra_headers"] = {**headers, RAW_RESPONSE_HEADER: omit}
    return extras
