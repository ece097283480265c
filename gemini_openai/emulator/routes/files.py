"""Serve Google's own routes for files, except uploads: list, get, delete, download.

They want the key in `x-goog-api-key`, and their errors are not in lists.
"""

from __future__ import annotations

import base64
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from ..answers import credentials
from ..http.errors import GoogleError, generic
from ..http.paging import google_list
from ..http.replies import Download, Rendered, Reply
from ..state.jobs import LIFE
from .context import Context, native_error, native_json, native_reply, rfc3339

if TYPE_CHECKING:
    from ..state.files import StoredFile

_ECHOED = ("x-goog-api-key", "accept", "host", "accept-encoding", "user-agent")
_MARKED = {"accept-encoding": ",gzip(gfe)", "user-agent": ",gzip(gfe)"}
_MAX_ID = 40  # characters [reported: GetFileRequest.name]
_ID = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_INTERNAL = 13  # google.rpc.Code


def wrong_credentials(context: Context) -> GoogleError | None:
    """The error for the credentials of a request to Google's own routes, if they are not good."""
    settings = context.settings
    return credentials.native(context.request, settings.bad_keys, settings.google.accepts)


def not_there(id: str) -> GoogleError:
    """The 403 for a file that does not exist: Google does not say whether it does."""
    return GoogleError(
        403,
        f"You do not have permission to access the File {id} or it may not exist.",
        "PERMISSION_DENIED",
    )


def file_list(context: Context) -> Rendered:
    """`GET /v1beta/files`."""
    files = context.settings.storage.all_files(context.now)
    show = partial(resource, context)
    return native_reply(google_list("files", files, show, context.request.query))


def file(context: Context) -> Rendered:
    """`GET /v1beta/files/{id}`, which counts as a poll of its processing."""
    found = _found(context, "GetFileRequest")
    if isinstance(found, GoogleError):
        return native_error(found)
    found.progress.poll()
    return native_json(resource(context, found))


def delete(context: Context) -> Rendered:
    """`DELETE /v1beta/files/{id}`."""
    found = _found(context, "DeleteFileRequest")
    if isinstance(found, GoogleError):
        return native_error(found)
    context.settings.storage.files.pop(found.id, None)
    return native_json({})


def _found(context: Context, message: str) -> StoredFile | GoogleError:
    id = context.path["id"]
    if wrong := bad_id(id):
        return GoogleError(400, f"{message}.name: {wrong}")
    return context.settings.storage.file(id, context.now) or not_there(id)


def download(context: Context) -> Rendered:
    """`GET /v1beta/files/{id}:download?alt=media`: a redirect with headers of the request."""
    found = _downloadable(context)
    if isinstance(found, GoogleError):
        return native_error(found)
    headers = {
        name.title(): value + _MARKED.get(name, "")
        for name in _ECHOED
        if (value := context.request.headers.get(name)) is not None
    }
    body = GoogleError(302, "Unknown Error.", "UNKNOWN").payload()
    place = f"{context.origin}/download/v1beta/{found.name}:download?alt=media"
    reply = native_json(body, 302)
    return Reply(302, body=reply.body, headers={**reply.headers, **headers, "Location": place})


def downloaded(context: Context) -> Rendered:
    """`GET /download/v1beta/files/{id}:download?alt=media`: the bytes."""
    found = _downloadable(context)
    return native_error(found) if isinstance(found, GoogleError) else sent(found)


def sent(file: StoredFile) -> Download:
    """The content of a file, as Google's download server sends it."""
    checksum = file.blob.crc32c
    return Download(
        file.blob,
        file.mime_type,
        headers={
            "Server": "UploadServer",
            "Content-Disposition": "attachment",
            "Content-Length": str(file.size),
            "Cache-Control": "private, max-age=0",
            **({"X-Goog-Hash": f"crc32c={checksum}"} if checksum else {}),
        },
    )


def _downloadable(context: Context) -> StoredFile | GoogleError:
    if context.request.query.get("alt") != ["media"]:
        return generic()
    found = context.settings.storage.file(context.path["id"], context.now)
    if found is None:
        return not_there(context.path["id"])
    if not found.generated:
        return GoogleError(
            400, f"File {found.id} was uploaded. Only generated files can be downloaded."
        )
    return found


def resource(context: Context, file: StoredFile) -> dict[str, Any]:
    """The `File` of Google's own API, its keys in the recorded order."""
    uri = f"{context.origin}/v1beta/{file.name}"
    state = file.state(context.now)
    out: dict[str, Any] = {"name": file.name}
    if file.display_name:
        out["displayName"] = file.display_name
    out |= {
        "mimeType": file.mime_type,
        "sizeBytes": str(file.size),
        "createTime": rfc3339(file.created),
        "updateTime": rfc3339(file.created),
        "expirationTime": rfc3339(file.created + LIFE),
        # Of the digits, not of the bytes, as recorded.
        "sha256Hash": base64.b64encode(file.sha256.encode()).decode(),
        "uri": uri,
        "state": state,
        "source": "GENERATED" if file.generated else "UPLOADED",
    }
    if state == "FAILED":
        out["error"] = {"code": _INTERNAL, "message": file.progress.job.message}
    if file.generated:
        out["downloadUri"] = f"{uri}:download?alt=media"
    return out


def bad_id(id: str) -> str | None:
    """What is wrong with the id of a file, in Google's words where they are known."""
    if len(id) > _MAX_ID:
        return f"File ID (name excluding 'files/') cannot be more than {_MAX_ID} characters."
    if not _ID.fullmatch(id):
        return (
            "File ID (name excluding 'files/') must consist of lowercase alphanumeric characters "
            "or dashes, and cannot begin or end with a dash."
        )
    return None
