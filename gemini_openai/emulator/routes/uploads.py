"""Serve uploads in chunks, by Google's resumable protocol: start, upload, query, finalize.

What recordings of Gemini do not show was taken from Google's test server of the protocol
(googleapis/gapic-showcase) and from Google's guide to it for Photos, which says that all chunks but
the last are multiples of the granularity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..http.errors import GoogleError, generic
from ..http.json_values import mapping
from ..http.replies import Rendered, Reply
from ..state.files import Upload
from .context import BodyReceiver, Context, native_error, native_json
from .files import bad_id, resource, wrong_credentials

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..state.files import StoredFile

_MAX_DISPLAY_NAME = 512  # characters [Google]
_COMMANDS = {"upload", "finalize", "query", "cancel"}


def start(context: Context) -> Rendered:
    """`POST /upload/v1beta/files`: where to send the chunks."""
    headers, storage = context.request.headers, context.settings.storage
    protocol = headers.get("x-goog-upload-protocol"), headers.get("x-goog-upload-command")
    if protocol != ("resumable", "start"):
        return native_error(
            GoogleError(400, "The emulator supports X-Goog-Upload-Protocol: resumable only.")
        )
    file = _described(context)
    if isinstance(file, GoogleError):
        return native_error(file)
    declared = headers.get("x-goog-upload-header-content-length", "")
    upload = Upload(
        id=f"upload-{storage.new_id(40)}",
        file=file,
        declared=int(declared) if declared.isdigit() else None,
    )
    if (upload.declared or 0) > storage.max_file_bytes:
        return native_error(_too_large(storage.max_file_bytes))
    storage.uploads[upload.id] = upload
    place = f"{context.origin}/upload/v1beta/files?upload_id={upload.id}&upload_protocol=resumable"
    return _status(
        upload,
        **{
            "X-Goog-Upload-URL": place,
            "X-Goog-Upload-Control-URL": place,
            "X-Goog-Upload-Chunk-Granularity": str(storage.granularity),
        },
    )


def _described(context: Context) -> StoredFile | GoogleError:
    """The file as the start of its upload describes it, still empty."""
    if wrong := wrong_credentials(context):
        return wrong
    body = context.body()
    if isinstance(body, GoogleError):
        return body
    about = mapping(body.get("file"))
    headers, storage = context.request.headers, context.settings.storage
    display_name = _metadata(about, "display_name", "displayName")
    id = _metadata(about, "name").removeprefix("files/")
    if len(display_name) > _MAX_DISPLAY_NAME:
        return generic()
    if id and (wrong_id := bad_id(id)):
        return GoogleError(400, f"CreateFileRequest.file.name: {wrong_id}")
    if id and storage.file(id, context.now):
        return GoogleError(409, "Requested entity already exists", "ALREADY_EXISTS")
    stated = _metadata(about, "mime_type", "mimeType")
    return storage.new_file(
        headers.get("x-goog-upload-header-content-type") or stated or "application/octet-stream",
        context.now,
        id=id,
        display_name=display_name,
        job=context.job,
    )


def _metadata(body: Mapping[str, Any], *names: str) -> str:
    """The text of an upload's metadata under the first of its spellings that is present."""
    return next((value for name in names if isinstance(value := body.get(name), str)), "")


def chunk(context: Context) -> BodyReceiver | Rendered:
    """`POST …&upload_id=…`: no key is needed, because the URL itself is secret."""
    headers, storage = context.request.headers, context.settings.storage
    upload = storage.uploads.get(context.request.query["upload_id"][0])
    if upload is None:
        return Reply(404, text="There is no upload with this id.")
    commands = {word.strip() for word in headers.get("x-goog-upload-command", "").split(",")}
    if not commands or commands - _COMMANDS:
        return _refused(upload, 400, "Unknown X-Goog-Upload-Command.")
    if "query" in commands:
        return _queried(context, upload)
    if upload.status != "active":
        return _refused(upload, 400, f"The upload is {upload.status}.")
    if "cancel" in commands:
        upload.status = "cancelled"
        return _status(upload)
    offset = headers.get("x-goog-upload-offset", "0")
    if offset != str(upload.received):
        return _refused(upload, 409, f"Invalid offset: expected {upload.received}, got {offset}")
    length = headers.get("content-length", "")
    if length.isdigit():
        wrong = _wrong_length(upload, int(length), storage.granularity, "finalize" in commands)
        if wrong:
            return _refused(upload, 400, wrong)
    return _Chunk(context, upload, last="finalize" in commands)


def _wrong_length(upload: Upload, length: int, granularity: int, last: bool) -> str | None:
    if upload.declared is not None and upload.received + length > upload.declared:
        return f"The upload was declared with {upload.declared} bytes; this chunk exceeds that."
    if not last and length % granularity:
        return (
            "The size of a chunk that is not the last must be a multiple of "
            f"{granularity} bytes; this one has {length}."
        )
    return None


class _Chunk:
    """The receiver of one chunk."""

    def __init__(self, context: Context, upload: Upload, *, last: bool) -> None:
        self.context = context
        self.upload = upload
        self.last = last
        upload.writer = self

    def take(self, data: bytes) -> None:
        # A chunk whose client gave up may still be arriving when the next one begins.
        if self.upload.writer is self:
            self.upload.file.blob.append(data)

    def reply(self) -> Reply:
        upload, storage = self.upload, self.context.settings.storage
        if upload.received > storage.max_file_bytes:
            upload.status = "cancelled"
            return native_error(_too_large(storage.max_file_bytes))
        if not self.last:
            return _status(upload)
        if upload.declared not in {None, upload.received}:
            return _refused(
                upload, 400, f"{upload.received} bytes arrived; {upload.declared} were declared."
            )
        upload.status = "final"
        storage.keep(upload.file)
        return _final(self.context, upload)


def _queried(context: Context, upload: Upload) -> Reply:
    upload.writer = None
    if upload.status == "final":
        return _final(context, upload)
    if upload.status == "cancelled":
        return _refused(upload, 410, "The upload was cancelled.")
    return _status(upload, **{"X-Goog-Upload-Size-Received": str(upload.received)})


def _final(context: Context, upload: Upload) -> Reply:
    reply = native_json({"file": resource(context, upload.file)})
    received = {"X-Goog-Upload-Size-Received": str(upload.received)}
    return Reply(body=reply.body, headers={**reply.headers, **_headers(upload), **received})


def _status(upload: Upload, **headers: str) -> Reply:
    plain = {"Content-Type": "text/plain; charset=utf-8"}
    return Reply(body=b"", headers={**plain, **_headers(upload), "Content-Length": "0", **headers})


def _refused(upload: Upload, status: int, text: str) -> Reply:
    return Reply(status, text=text, headers=_headers(upload))


def _headers(upload: Upload) -> dict[str, str]:
    return {
        "Server": "UploadServer",
        "X-GUploader-UploadID": upload.id,
        "X-Goog-Upload-Status": upload.status,
    }


def _too_large(limit: int) -> GoogleError:
    return GoogleError(413, f"Media is too large. Limit: {limit}", "INVALID_ARGUMENT")
