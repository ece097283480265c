"""Serve OpenAI's own `/files` routes, which Gemini lacks, if the quirk `openai_files` is on.

A program written for the `openai` package runs here with them, to be compared with one that was
moved to Gemini. The files are those of Google's routes; any can be downloaded, as at OpenAI.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ..http.errors import GoogleError, generic
from ..http.multipart import Form, boundary_of
from ..http.paging import openai_list
from ..http.replies import Reply
from ..state.jobs import LIFE
from .files import sent

if TYPE_CHECKING:
    from ..http.replies import Rendered
    from ..state.files import StoredFile
    from .context import BodyReceiver, Context

_STATUS = {"PROCESSING": "uploaded", "ACTIVE": "processed", "FAILED": "error"}


def create(context: Context) -> BodyReceiver | Rendered:
    """`POST …/files`, a form."""
    boundary = boundary_of(context.request.headers.get("content-type", ""))
    return context.error(generic()) if boundary is None else _FormReceiver(context, boundary)


class _FormReceiver:
    """The receiver of a form with a file."""

    def __init__(self, context: Context, boundary: bytes) -> None:
        self.context = context
        self.form = Form(boundary)

    def take(self, data: bytes) -> None:
        self.form.take(data)

    def reply(self) -> Reply:
        context, part, purpose = self.context, self.form.file("file"), self.form.field("purpose")
        if part is None or not purpose or not self.form.complete:
            return context.error(generic())
        storage = context.settings.storage
        file = storage.new_file(
            part.content_type,
            context.now,
            id=f"file-{storage.new_id(22)}",
            display_name=part.file_name or "",
            purpose=purpose,
            job=context.job,
        )
        file.blob = part.content
        storage.keep(file)
        return Reply(json=_object(context, file))


def retrieve(context: Context) -> Rendered:
    """`GET …/files/{id}`."""
    file = _found(context)
    if isinstance(file, GoogleError):
        return context.error(file)
    file.progress.poll()
    return Reply(json=_object(context, file))


def listed(context: Context) -> Rendered:
    """`GET …/files`."""
    query = context.request.query
    files = context.settings.storage.all_files(context.now)
    if query.get("order") == ["asc"]:
        files.reverse()
    if purpose := query.get("purpose"):
        files = [file for file in files if [file.purpose] == purpose]
    return context.reply(openai_list(files, partial(_object, context), query, _id))


def delete(context: Context) -> Rendered:
    """`DELETE …/files/{id}`."""
    file = _found(context)
    if isinstance(file, GoogleError):
        return context.error(file)
    context.settings.storage.files.pop(file.id, None)
    return Reply(json={"id": _id(file), "object": "file", "deleted": True})


def content(context: Context) -> Rendered:
    """`GET …/files/{id}/content`."""
    file = _found(context)
    return context.error(file) if isinstance(file, GoogleError) else sent(file)


def _found(context: Context) -> StoredFile | GoogleError:
    id = context.path["id"]
    missing = GoogleError(404, f"No such File object: {id}", "NOT_FOUND")
    return context.settings.storage.file(id, context.now) or missing


def _id(file: StoredFile) -> str:
    return file.id if file.id.startswith("file-") else file.name


def _object(context: Context, file: StoredFile) -> dict[str, Any]:
    return {
        "id": _id(file),
        "object": "file",
        "bytes": file.size,
        "created_at": int(file.created),
        "expires_at": int(file.created + LIFE),
        "filename": file.display_name or file.id,
        "purpose": file.purpose or "user_data",
        "status": _STATUS[file.state(context.now)],
    }
