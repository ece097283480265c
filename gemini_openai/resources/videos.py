"""`videos`: a description to a film, made while one waits."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, cast

from .._call.request import Call, make_request_options
from .._call.signature import given, spell_out, split_extras
from .._constants import RAW_RESPONSE_HEADER
from .._exceptions import OpenAIError
from .._legacy_response import HttpxBinaryResponseContent
from .._primitives.given import is_given, omit
from .._types import RequestExtras
from ..dialect.routes.paths import path_id
from ..dialect.routes.videos import PENDING, POLL_SECONDS, openai_status
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
from ._resource import AsyncAPIResource, SyncAPIResource
from ._unsupported import not_supported
from ._with_response import (
    AsyncVideosWithRawResponse as AsyncVideosWithRawResponse,
    AsyncVideosWithStreamingResponse as AsyncVideosWithStreamingResponse,
    VideosWithRawResponse as VideosWithRawResponse,
    VideosWithStreamingResponse as VideosWithStreamingResponse,
)

if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Never, Unpack

    from .._types import FileTypes, Maybe

__all__ = ["AsyncVideos", "Videos"]


class CreateParams(VideoCreateParams, RequestExtras, total=False):
    """Everything `create` takes."""


class DownloadParams(VideoDownloadContentParams, RequestExtras, total=False):
    """Everything `download_content` takes beside the id."""


class ListParams(VideoListParams, RequestExtras, total=False):
    """Everything `list` takes."""


class RemixParams(VideoRemixParams, RequestExtras, total=False):
    """Everything `remix` takes beside the id."""


class EditParams(VideoEditParams, RequestExtras, total=False):
    """Everything `edit` takes."""


class ExtendParams(VideoExtendParams, RequestExtras, total=False):
    """Everything `extend` takes."""


class CharacterParams(VideoCreateCharacterParams, RequestExtras, total=False):
    """Everything `create_character` takes."""


class Videos(SyncAPIResource):
    """Films made to a description, by Veo."""

    with_raw_response = cached_property(VideosWithRawResponse)
    with_streaming_response = cached_property(VideosWithStreamingResponse)

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
        answer: Video = self._send(create_call("Videos.create", params))
        return answer

    @spell_out(RequestExtras)
    def retrieve(self, video_id: str, **extras: Unpack[RequestExtras]) -> Video:
        """Say how far a film is. Raises `ValueError` for an empty id."""
        answer: Video = self._send(retrieve_call("Videos.retrieve", video_id, extras))
        return answer

    @spell_out(CreateParams)
    def create_and_poll(
        self, *, poll_interval_ms: Maybe[int] = omit, **params: Unpack[CreateParams]
    ) -> Video:
        """Make a film and wait until it is done or failed; see `create` and `poll`."""
        video = self.create(**params)
        return self._poll(video.id, poll_interval_ms, _extras_of(params))

    def poll(self, video_id: str, *, poll_interval_ms: Maybe[int] = omit) -> Video:
        """Ask every `poll_interval_ms` (10 000 if not given) until a film is done or failed."""
        return self._poll(video_id, poll_interval_ms, {})

    def _poll(self, video_id: str, milliseconds: Maybe[int], extras: RequestExtras) -> Video:
        while (video := self.retrieve(video_id, **extras)).status in PENDING:
            self._sleep(milliseconds / 1000 if is_given(milliseconds) else POLL_SECONDS)
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
        video = self.retrieve(video_id, **_extras_of(params))
        answer: HttpxBinaryResponseContent
        answer = self._send(download_call("Videos.download_content", video, params))
        return answer

    download = download_content

    @spell_out(ListParams)
    def list(self, **params: Unpack[ListParams]) -> Never:
        """Raise `NotSupportedError`: Gemini keeps no list."""
        raise not_supported("videos.list")

    @spell_out(RequestExtras)
    def delete(self, video_id: str, **extras: Unpack[RequestExtras]) -> Never:
        """Raise `NotSupportedError`: Google deletes films by itself."""
        raise not_supported("videos.delete")

    @spell_out(RemixParams)
    def remix(self, video_id: str, **params: Unpack[RemixParams]) -> Never:
        """Raise `NotSupportedError`, which says what to do instead."""
        raise not_supported("videos.remix")

    @spell_out(EditParams)
    def edit(self, **params: Unpack[EditParams]) -> Never:
        """Raise `NotSupportedError`, which says what to do instead."""
        raise not_supported("videos.edit")

    @spell_out(ExtendParams)
    def extend(self, **params: Unpack[ExtendParams]) -> Never:
        """Raise `NotSupportedError`, which says what to do instead."""
        raise not_supported("videos.extend")

    @spell_out(CharacterParams)
    def create_character(self, **params: Unpack[CharacterParams]) -> Never:
        """Raise `NotSupportedError`, which says what to do instead."""
        raise not_supported("videos.create_character")

    @spell_out(RequestExtras)
    def get_character(self, character_id: str, **extras: Unpack[RequestExtras]) -> Never:
        """Raise `NotSupportedError`, which says what to do instead."""
        raise not_supported("videos.get_character")


class AsyncVideos(AsyncAPIResource):
    """Films made to a description, by Veo."""

    with_raw_response = cached_property(AsyncVideosWithRawResponse)
    with_streaming_response = cached_property(AsyncVideosWithStreamingResponse)

    @spell_out(CreateParams)
    async def create(self, **params: Unpack[CreateParams]) -> Video:
        """Begin to make a film; see `Videos.create`."""
        answer: Video = await self._send(create_call("AsyncVideos.create", params))
        return answer

    @spell_out(RequestExtras)
    async def retrieve(self, video_id: str, **extras: Unpack[RequestExtras]) -> Video:
        """Say how far a film is. Raises `ValueError` for an empty id."""
        answer: Video = await self._send(retrieve_call("AsyncVideos.retrieve", video_id, extras))
        return answer

    @spell_out(CreateParams)
    async def create_and_poll(
        self, *, poll_interval_ms: Maybe[int] = omit, **params: Unpack[CreateParams]
    ) -> Video:
        """Make a film and wait until it is done or failed; see `Videos.create`."""
        video = await self.create(**params)
        return await self._poll(video.id, poll_interval_ms, _extras_of(params))

    async def poll(self, video_id: str, *, poll_interval_ms: Maybe[int] = omit) -> Video:
        """Ask every `poll_interval_ms` (10 000 if not given) until a film is done or failed."""
        return await self._poll(video_id, poll_interval_ms, {})

    async def _poll(self, video_id: str, milliseconds: Maybe[int], extras: RequestExtras) -> Video:
        while (video := await self.retrieve(video_id, **extras)).status in PENDING:
            await self._sleep(milliseconds / 1000 if is_given(milliseconds) else POLL_SECONDS)
        return video

    @spell_out(DownloadParams)
    async def download_content(
        self, video_id: str, **params: Unpack[DownloadParams]
    ) -> HttpxBinaryResponseContent:
        """Get a finished film; see `Videos.download_content`."""
        video = await self.retrieve(video_id, **_extras_of(params))
        answer: HttpxBinaryResponseContent
        answer = await self._send(download_call("AsyncVideos.download_content", video, params))
        return answer

    download = download_content

    @spell_out(ListParams)
    def list(self, **params: Unpack[ListParams]) -> Never:
        """Raise `NotSupportedError`: Gemini keeps no list."""
        raise not_supported("videos.list")

    @spell_out(RequestExtras)
    async def delete(self, video_id: str, **extras: Unpack[RequestExtras]) -> Never:
        """Raise `NotSupportedError`: Google deletes films by itself."""
        raise not_supported("videos.delete")

    @spell_out(RemixParams)
    async def remix(self, video_id: str, **params: Unpack[RemixParams]) -> Never:
        """Raise `NotSupportedError`, which says what to do instead."""
        raise not_supported("videos.remix")

    @spell_out(EditParams)
    async def edit(self, **params: Unpack[EditParams]) -> Never:
        """Raise `NotSupportedError`, which says what to do instead."""
        raise not_supported("videos.edit")

    @spell_out(ExtendParams)
    async def extend(self, **params: Unpack[ExtendParams]) -> Never:
        """Raise `NotSupportedError`, which says what to do instead."""
        raise not_supported("videos.extend")

    @spell_out(CharacterParams)
    async def create_character(self, **params: Unpack[CharacterParams]) -> Never:
        """Raise `NotSupportedError`, which says what to do instead."""
        raise not_supported("videos.create_character")

    @spell_out(RequestExtras)
    async def get_character(self, character_id: str, **extras: Unpack[RequestExtras]) -> Never:
        """Raise `NotSupportedError`, which says what to do instead."""
        raise not_supported("videos.get_character")


def create_call(method: str, params: CreateParams) -> Call:
    """The form that `create` sends. Raises `TypeError` for unknown and missing keywords."""
    body = given(method, params, CreateParams)
    extras = split_extras(body)
    files: dict[str, FileTypes] = {}
    if not isinstance(body.get("input_reference"), (Mapping, type(None))):
        files["input_reference"] = body.pop("input_reference")
    return Call(
        method="post",
        path="/videos",
        cast_to=Video,
        files=files,
        body=body,
        options=make_request_options(**extras, post_parser=_with_openai_status),
    )


def retrieve_call(method: str, video_id: str, extras: RequestExtras) -> Call:
    """The request that `retrieve` sends. Raises `ValueError` for an empty id."""
    present = given(method, extras, RequestExtras)
    return Call(
        method="get",
        path=f"/videos/{path_id('video_id', video_id)}",
        cast_to=Video,
        options=make_request_options(**present, post_parser=_with_openai_status),
    )


def download_call(method: str, video: Video, params: DownloadParams) -> Call:
    """The request for the film itself. Raises `OpenAIError` when there is none yet."""
    query = given(method, params, DownloadParams)
    extras = split_extras(query)
    path = _download_path(video)
    if path.startswith("http") and query.pop("variant", "video") != "video":
        raise not_supported("videos.download_content with that variant")
    options = make_request_options(query=query, **extras)
    options["headers"] = {"Accept": "application/binary", **(options.get("headers") or {})}
    return Call(method="get", path=path, cast_to=HttpxBinaryResponseContent, options=options)


def _with_openai_status(video: Any) -> Any:
    # What the server said is in the text of `with_raw_response`.
    if isinstance(video, Video):
        video.status = cast("Any", openai_status(video.status))
    return video


def _download_path(video: Video) -> str:
    """Where the film itself is: Gemini gives a URL, OpenAI's servers have a path below the id's."""
    if video.status in PENDING:
        raise OpenAIError(
            f"The video {video.id} is not done yet ({video.status}). Wait with videos.poll."
        )
    if video.status == "failed":
        raise OpenAIError(f"The video {video.id} could not be made: {video.error}")
    url = getattr(video, "url", None)
    return url if isinstance(url, str) else f"/videos/{path_id('video_id', video.id)}/content"


def _extras_of(params: CreateParams | DownloadParams) -> RequestExtras:
    """What was given for one request and is meant for those that come with it, too."""
    extras: RequestExtras = {}
    if "extra_query" in params:
        extras["extra_query"] = params["extra_query"]
    if "timeout" in params:
        extras["timeout"] = params["timeout"]
    if headers := params.get("extra_headers"):
        # A view of the response is of the last one.
        extras["extra_headers"] = {**headers, RAW_RESPONSE_HEADER: omit}
    return extras
