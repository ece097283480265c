"""A request of any endpoint to the form Gemini takes, and what its answer is to be read by.

This is where the client meets the dialect; each endpoint's own repairs are in the modules around.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from .._primitives.json_types import is_array, is_object
from .chat.answers import adapt_completion, needs_repair
from .chat.chunks import ChunkAdapter
from .chat.context import answer_context
from .chat.requests import adapt_chat_request
from .chat.signatures import SignatureMemory
from .notes import AbsentError
from .parameters import drop_unknown_names, learn_unknown_names
from .routes.batches import openai_batch
from .routes.embeddings import adapt_embedding_request, join_embeddings
from .routes.files import (
    has_file_shape,
    list_notes,
    native_query,
    native_url,
    openai_answer,
    remark_on,
)
from .routes.images import adapt_image_request, adapt_images
from .routes.models import adapt_model, adapt_model_list, suggest_models
from .routes.vertex_routes import (
    absent_on_vertex,
    catalogue_request,
    read_catalogue,
    remark_on_missing,
)
from .settings import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .chat.context import AnswerContext
    from .notes import Note
    from .settings import Settings

AS_IS: Any = object()
"""What `Translation.read` gives when the bytes need no repair, and so no parsing twice."""


class Translator:
    """A client's settings, and what it remembers from one request to the next.

    `remembered` is where it remembers; clients that are given the same remember the same.
    """

    def __init__(
        self, settings: Settings = DEFAULT, remembered: dict[str, Any] | None = None
    ) -> None:
        shared = {} if remembered is None else remembered
        self.settings = settings
        self.memory: SignatureMemory = shared.setdefault("signatures", SignatureMemory())
        self.known_models: set[str] = shared.setdefault("models", set())
        self.warned: set[str] = shared.setdefault("warned", set())

    def translate(
        self,
        path: str,
        body: Any,
        *,
        base_url: str = "",
        project: str | None = None,
        query: Mapping[str, object] | None = None,
    ) -> Translation:
        """Adapt the body of a request to `path`, made of plain JSON values, and its query.

        Raises `InvalidRequestError` when Gemini would refuse it and the repair is not certain, and
        `AbsentError` for what Vertex AI has not.
        """
        if self.settings.backend == "vertex":
            if path == "/models":
                return VertexCatalogue(self, body, base_url, project)
            deployed = self.settings.self_deployed
            if advice := absent_on_vertex(path, body, self_deployed=deployed):
                raise AbsentError(path, advice)
        if f"{path}/".startswith("/files/") or "/v1beta/files" in path:
            return Files(self, body, path, base_url, query or {})
        for ending, translation in _ENDPOINTS:
            if path.endswith(ending) or (ending.endswith("/") and ending in path):
                return translation(self, body)
        return Translation(self, body)


class Translation:
    """A request as it is sent, and how its answer is read. The base changes nothing.

    Attributes:
        body: what to send, made of plain JSON values; None for nothing.
        url: where to send it, when that is not the path asked for.
        query: the parameters to send, when those are not the ones given.
        headers: to send beside the client's own.
        notes: what was done to the request.
        applied: the names of the repairs of its answer, once that is read.
    """

    def __init__(self, translator: Translator, body: Any) -> None:
        self.translator = translator
        self.settings = translator.settings
        self.notes: Sequence[Note] = ()
        self.url: str | None = None
        self.query: Mapping[str, object] | None = None
        self.headers: Mapping[str, str] = {}
        self.body = self.adapt(body) if is_object(body) else body
        self.applied: set[str] = set()

    def adapt(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body to send; what was done goes into `notes`."""
        return body

    def read(self, data: bytes, now: int) -> Any:
        """The JSON of a whole answer as OpenAI would have sent it, or `AS_IS`.

        `now` is in seconds since the epoch. Raises `ValueError` when `data` is no JSON, and
        `AnswerError` when it must not be passed on.
        """
        return AS_IS

    def chunks(self) -> ChunkAdapter | None:
        """What reads a streamed answer, made for one stream."""
        return None

    def relearn(self, error_body: object) -> bool:
        """After a refusal: whether `body` is now without names the server does not know."""
        if not is_object(self.body) or not (names := learn_unknown_names(error_body)):
            return False
        body, notes = drop_unknown_names(self.body, names, self.settings)
        if body is self.body:
            return False
        self.body, self.notes = body, notes
        return True

    def remark(self, message: str) -> str | None:
        """What may be added to the words of a refusal."""
        near = suggest_models(message, self.translator.known_models, self.settings)
        if near is not None or "model-suggestions" in self.settings.off:
            return near
        return remark_on_missing(message) if self.settings.backend == "vertex" else None

    def remember_models(self, page: dict[str, Any]) -> None:
        """Keep the ids of a list of models, to propose when one is wrong."""
        listed = page.get("data")
        rows = [row for row in listed if is_object(row)] if is_array(listed) else []
        self.translator.known_models |= {
            row["id"] for row in rows if isinstance(row.get("id"), str)
        }


class Chat(Translation):
    """`POST /chat/completions`."""

    _context: AnswerContext | None = None

    def adapt(self, body: dict[str, Any]) -> dict[str, Any]:
        """See `requests.adapt_chat_request`."""
        body, self.notes = adapt_chat_request(body, self.settings, self.translator.memory)
        return body

    @property
    def context(self) -> AnswerContext:
        """What the answer is read by."""
        if self._context is None:
            self._context = answer_context(self.body, self.settings, self.translator.memory)
            self.applied = self._context.applied
        return self._context

    def read(self, data: bytes, now: int) -> Any:
        """See `answers.adapt_completion`."""
        if not needs_repair(data, self.context):
            return AS_IS
        value = from_json(data)
        return adapt_completion(value, self.context) if is_object(value) else value

    def chunks(self) -> ChunkAdapter | None:
        """See `chunks.ChunkAdapter`."""
        return ChunkAdapter(self.context)

    def remark(self, message: str) -> str | None:
        """See `hints.hint`."""
        from .hints import hint

        return hint(message, self.body, self.settings) or super().remark(message)


class Embeddings(Translation):
    """`POST /embeddings`."""

    _as_base64 = False

    def adapt(self, body: dict[str, Any]) -> dict[str, Any]:
        """See `embeddings.adapt_embedding_request`."""
        self._as_base64 = body.get("encoding_format") == "base64"
        body, self.notes = adapt_embedding_request(body, self.settings)
        return body

    def read(self, data: bytes, now: int) -> Any:
        """See `embeddings.join_embeddings`."""
        value = from_json(data)
        if not is_object(value):
            return value
        as_base64 = self._as_base64 and self.body.get("encoding_format") == "float"
        return join_embeddings([value], [self.body], self.settings, as_base64=as_base64)


class Images(Translation):
    """`POST /images/generations`."""

    def adapt(self, body: dict[str, Any]) -> dict[str, Any]:
        """See `images.adapt_image_request`."""
        body, self.notes = adapt_image_request(body, self.settings)
        return body

    def read(self, data: bytes, now: int) -> Any:
        """See `images.adapt_images`."""
        value = from_json(data)
        return adapt_images(value, now, self.settings) if is_object(value) else value


class ModelList(Translation):
    """`GET /models`."""

    def read(self, data: bytes, now: int) -> Any:
        """See `models.adapt_model_list`; the names are remembered, to propose when one is wrong."""
        value = from_json(data)
        if not is_object(value):
            return value
        value = adapt_model_list(value, self.settings)
        self.remember_models(value)
        return value


class VertexCatalogue(Translation):
    """`GET /models` on Vertex AI, whose list of models is elsewhere and of another shape."""

    def __init__(
        self, translator: Translator, body: Any, base_url: str, project: str | None
    ) -> None:
        super().__init__(translator, body)
        self.url, self.headers = catalogue_request(base_url, project)

    def read(self, data: bytes, now: int) -> Any:
        """See `vertex_routes.read_catalogue`."""
        value = from_json(data)
        if not is_object(value):
            return value
        page = read_catalogue(value)
        self.remember_models(page)
        return page


class ModelCard(Translation):
    """`GET /models/{id}`."""

    def read(self, data: bytes, now: int) -> Any:
        """See `models.adapt_model`."""
        value = from_json(data)
        return adapt_model(value, self.settings) if is_object(value) else value


class Files(Translation):
    """`/files` and what is below it, by Google's own protocol where the server has that."""

    _purpose: str | None = None

    def __init__(
        self,
        translator: Translator,
        body: Any,
        path: str,
        base_url: str,
        query: Mapping[str, object],
    ) -> None:
        super().__init__(translator, body)
        self._path = path
        if path.startswith("/"):
            self.url = native_url(path, base_url, self.settings)
        if self.url is not None and path == "/files":
            self._purpose = str(query["purpose"]) if query.get("purpose") else None
            self.query, self.notes = native_query(query), list_notes(query)

    def read(self, data: bytes, now: int) -> Any:
        """See `files.openai_answer`."""
        value: Any = from_json(data) if data else {}
        if "files" in self.settings.off or not has_file_shape(value):
            return value
        return openai_answer(value, self._path, self._purpose)

    def remark(self, message: str) -> str | None:
        """See `files.remark_on`."""
        return remark_on(self._path) if self.url is not None else None


class Batches(Translation):
    """`/batches` and what is below it."""

    def read(self, data: bytes, now: int) -> Any:
        """See `batches.openai_batch`."""
        value = from_json(data)
        return openai_batch(value, self.settings) if is_object(value) else value


_ENDPOINTS: tuple[tuple[str, type[Translation]], ...] = (
    ("/chat/completions", Chat),
    ("/embeddings", Embeddings),
    ("/images/generations", Images),
    ("/models", ModelList),
    ("/models/", ModelCard),
    ("/batches", Batches),
    ("/batches/", Batches),
)
