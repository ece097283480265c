"""Translate requests to the endpoints beside chat."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from ..._primitives.json_types import is_object
from ..models import adapt_model, adapt_model_list
from ..notes import AdaptedRequest
from ..routes.batches import openai_batch
from ..routes.embeddings import (
    adapt_embedding_request,
    adapt_embeddings,
    joined_answers,
    split_inputs,
    vectors_apart,
)
from ..routes.files import (
    has_file_shape,
    list_notes,
    native_query,
    native_url,
    openai_answer,
    remark_on,
)
from ..routes.images import adapt_image_request, adapt_images
from ..routes.vertex_routes import catalogue_request, read_catalogue
from ..routes.videos import openai_video
from .base import Translation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..refusals.errors import ErrorReport
    from ..refusals.hints import Credential
    from ..routes.embeddings import Apart
    from ..settings import Settings
    from .base import Remembered


class Files(Translation):
    """`/files` and what is below it, by Google's own protocol where the server has that."""

    _purpose: str | None = None

    def __init__(
        self,
        settings: Settings,
        remembered: Remembered,
        body: Any,
        path: str,
        base_url: str,
        query: Mapping[str, object],
        method: str,
    ) -> None:
        self._deletes = method == "delete"
        empty = self._deletes or (path == "/files" and method == "get")
        holds = ("data", "file", "files", "state")
        super().__init__(settings, remembered, body, holds=holds, may_be_empty=empty)
        self._path = path
        if path.startswith("/"):
            self.url = native_url(path, base_url, self.settings)
        if self.url is not None and path == "/files":
            self._purpose = str(query["purpose"]) if query.get("purpose") else None
            self.query, self.notes = native_query(query), list_notes(query)

    def read(self, data: bytes, now: int) -> Any:
        """The JSON of a file, or of a list of files, in OpenAI's form."""
        value: Any = self._value(data or b"{}" if self._deletes else data)
        if not self.settings.on("files") or not has_file_shape(value):
            return value
        return openai_answer(value, self._path, self._purpose)

    def remark(
        self, status: int, report: ErrorReport, credential: Credential | None = None
    ) -> str | None:
        """What may help with a refusal: first, what Google does not say of a request for a file."""
        told = remark_on(self._path) if self.url is not None else None
        return told or super().remark(status, report, credential)


class Embeddings(Translation):
    """`POST /embeddings`, of texts that are counted from `first_input` in errors."""

    def __init__(
        self, settings: Settings, remembered: Remembered, body: Any, first_input: int
    ) -> None:
        adapted = AdaptedRequest(body)
        self._as_base64 = False
        if is_object(body):
            self._as_base64 = body.get("encoding_format") == "base64"
            adapted = adapt_embedding_request(body, settings, first_input)
        super().__init__(settings, remembered, *adapted, holds=("data",))
        self.first_input = first_input

    def parts(self) -> list[dict[str, Any]]:
        """The bodies to send in place of one with more texts than Gemini takes at once."""
        bodies = split_inputs(self.body, self.settings) if is_object(self.body) else []
        return bodies if len(bodies) > 1 else []

    def joined(self, answers: Sequence[bytes]) -> bytes:
        """The answers to the parts, in their order, as one that `read` takes."""
        values = [self._value(answer) for answer in answers]
        return to_json(joined_answers(values, self.parts(), self.settings))

    def vectors_apart(self, data: bytes) -> Apart | None:
        """The vectors, read once, beside the rest of the answer."""
        apart = vectors_apart(data) if is_object(self.body) and not self._packed() else None
        if apart is None:
            return None
        return apart._replace(answer=adapt_embeddings(apart.answer, self.body, self.settings))

    def read(self, data: bytes, now: int) -> Any:
        """The JSON of an answer, or `AS_IS`."""
        if not is_object(self.body):
            return super().read(data, now)
        value = self._value(data)
        if not is_object(value):
            return value
        return adapt_embeddings(value, self.body, self.settings, as_base64=self._packed())

    def _packed(self) -> bool:
        return self._as_base64 and self.body.get("encoding_format") == "float"


def images(settings: Settings, remembered: Remembered, body: Any) -> Translation:
    """`POST /images/generations`."""
    adapted = AdaptedRequest(body)
    if is_object(body):
        adapted = adapt_image_request(body, settings)
    return Translation(
        settings,
        remembered,
        *adapted,
        reader=lambda made, value, now: adapt_images(value, now, made.settings),
        holds=("data", "images"),
        may_be_empty=True,
    )


def vertex_catalogue(
    settings: Settings, remembered: Remembered, body: Any, base_url: str, project: str | None
) -> Translation:
    """`GET /models` on Vertex AI, whose list of models is elsewhere and of another shape."""
    made = Translation(
        settings,
        remembered,
        body,
        reader=lambda made, value, now: made.remember_models(read_catalogue(value)),
        holds=("publisherModels", "nextPageToken"),
        may_be_empty=True,
    )
    made.url, made.headers = catalogue_request(base_url, project)
    return made


def _read_models(made: Translation, value: dict[str, Any], now: int) -> dict[str, Any]:
    return made.remember_models(adapt_model_list(value, made.settings))


def _read_model(made: Translation, value: dict[str, Any], now: int) -> dict[str, Any]:
    return adapt_model(value, made.settings)


def _read_batch(made: Translation, value: dict[str, Any], now: int) -> dict[str, Any]:
    return openai_batch(value, made.settings)


def _read_video(made: Translation, value: dict[str, Any], now: int) -> dict[str, Any]:
    return openai_video(value, made.settings)


models = partial(Translation, reader=_read_models, holds=("data",), may_be_empty=True)
model = partial(Translation, reader=_read_model, holds=("object",))
_OF_BATCH = ("data", "done", "metadata", "operations", "response", "status")
batch = partial(
    Translation,
    reader=_read_batch,
    holds=_OF_BATCH,
)
batches = partial(batch, may_be_empty=True)


def cancelled_batch(
    settings: Settings, remembered: Remembered, body: Any, path: str
) -> Translation:
    """`POST /batches/{id}/cancel`, which Google's own protocol answers with an empty object."""
    id = path.removeprefix("/batches/").removesuffix("/cancel").removesuffix(":cancel")

    def read(made: Translation, value: dict[str, Any], now: int) -> dict[str, Any]:
        sent = value or {"id": id, "object": "batch", "status": "cancelling"}
        return openai_batch(sent, made.settings)

    return Translation(settings, remembered, body, reader=read, holds=_OF_BATCH, may_be_empty=True)


video = partial(Translation, reader=_read_video, holds=("status",))
