"""Serve videos on the OpenAI-compatible routes: `processing`, and a URL once they are done.

Google documents the routes, the statuses and `url`; no body was recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..answers import refusals
from ..answers.media import mp4
from ..http.errors import GoogleError, generic
from ..http.json_values import string
from ..http.multipart import Form, boundary_of
from ..http.replies import Reply
from ..state.jobs import Progress
from ..state.videos import Video

if TYPE_CHECKING:
    from ..http.replies import Rendered
    from .context import Context


def create(context: Context) -> Rendered:
    """`POST …/videos`, a form or JSON; unknown fields are ignored."""
    fields = _fields(context)
    if isinstance(fields, GoogleError):
        return context.error(fields)
    model, prompt = string(fields.get("model")), string(fields.get("prompt"))
    if refusal := refusals.refused_model(model, "predictLongRunning", context.models):
        return context.error(refusal)
    if not prompt:
        return context.error(generic())
    storage = context.settings.storage
    job = context.job or storage.video_job
    video = Video(storage.new_id(12), model, prompt, Progress(job, context.now))
    storage.videos[video.id] = video
    return Reply(json=_object(context, video))


def retrieve(context: Context) -> Rendered:
    """`GET …/videos/{id}`."""
    video = context.settings.storage.videos.get(context.path["id"])
    if video is None:
        return context.error(GoogleError(404, "Requested entity was not found.", "NOT_FOUND"))
    video.progress.poll()
    return Reply(json=_object(context, video))


def _fields(context: Context) -> dict[str, Any] | GoogleError:
    boundary = boundary_of(context.request.headers.get("content-type", ""))
    if boundary is None:
        return context.body()
    form = Form(boundary)
    form.take(context.request.body)
    if not form.complete:
        return generic()
    return {part.name: part.text for part in form.parts if part.file_name is None}


def _object(context: Context, video: Video) -> dict[str, Any]:
    out: dict[str, Any] = {"id": video.id, "object": "video", "model": video.model}
    if video.progress.fraction(context.now) < 1:
        return {**out, "status": "processing"}
    job = video.progress.job
    if job.end != "completed":
        return {**out, "status": "failed", "error": {"code": 13, "message": job.message}}
    if video.file is None:
        storage = context.settings.storage
        video.file = storage.new_file("video/mp4", context.now, generated=True)
        video.file.blob.append(mp4(video.prompt))
        storage.keep(video.file)
    url = f"{context.origin}/v1beta/{video.file.name}:download?alt=media"
    return {**out, "status": "completed", "url": url}
