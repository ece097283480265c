"""Translate a request to any endpoint, and read its answer.

Which endpoint has which repairs is decided here; the repairs are in the modules around.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic_core import from_json

from .._primitives.json_types import is_array, is_object
from .camel_case import may_have_camel_case
from .chat.answers import adapt_completion
from .chat.chunks import ChunkAdapter
from .chat.context import answer_context
from .chat.efforts import EffortMemory
from .chat.function_names import with_wire_names
from .chat.origins import message_origins
from .chat.requests import adapt_chat_request
from .chat.signatures import SignatureMemory, learn_corrupted_signatures
from .chat.thinking import learn_effort
from .chat.vertex_options import tier_headers
from .errors import read_error
from .models import adapt_model, adapt_model_list, is_gemini, suggest_models
from .no_answers import refuse_no_answer
from .notes import AbsentError, AdaptedRequest, InvalidRequestError
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
from .routes.vertex_routes import (
    absent_on_vertex,
    catalogue_request,
    read_catalogue,
    remark_on_missing,
)
from .routes.videos import openai_video
from .settings import DEFAULT_SETTINGS
from .unknown_names import learn_unknown_names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeAlias

    from .chat.context import AnswerContext
    from .errors import ErrorReport
    from .hints import Credential, Refusal
    from .notes import Amendment, Note
    from .settings import Settings
    from .table import RepairName

    Reader: TypeAlias = Callable[["Translation", dict[str, Any], int], dict[str, Any]]
    Learner: TypeAlias = Callable[[dict[str, Any], ErrorReport, "Translator"], Amendment | None]

_RETRIED = 429
"""From this status on a refusal is not about what the request has in it."""

AS_IS: Any = object()
"""What `Translation.read` gives when the bytes need no repair, and so no parsing twice."""


class Translator:
    """A client's settings, and what it remembers from one request to the next.

    `remembered` is where it remembers; clients that are given the same remember the same.
    """

    def __init__(
        self, settings: Settings = DEFAULT_SETTINGS, remembered: dict[str, Any] | None = None
    ) -> None:
        shared = {} if remembered is None else remembered
        self.settings = settings
        self.memory: SignatureMemory = shared.setdefault("signatures", SignatureMemory())
        self.efforts: EffortMemory = shared.setdefault("efforts", EffortMemory())
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
        first_input: int = 0,
    ) -> Translation:
        """Adapt the body of a request to `path`, made of plain JSON values, and its query.

        Errors count the texts to embed from `first_input`.

        Raises `InvalidRequestError` when Gemini would refuse it and the repair is not certain, and
        `AbsentError` for what Vertex AI lacks.
        """
        if self.settings.backend == "vertex":
            if path == "/models":
                return _vertex_catalogue(self, body, base_url, project)
            deployed = self.settings.self_deployed
            if advice := absent_on_vertex(path, body, self_deployed=deployed):
                raise AbsentError(path, advice)
        if f"{path}/".startswith("/files/") or "/v1beta/files" in path:
            return Files(self, body, path, base_url, query or {})
        if path.endswith("/embeddings"):
            return _embeddings(self, body, first_input)
        for ending, translation in _ENDPOINTS:
            if path.endswith(ending) or (ending.endswith("/") and ending in path):
                return translation(self, body)
        return Translation(self, body)


def _unknown_names(
    body: dict[str, Any], report: ErrorReport, translator: Translator
) -> Amendment | None:
    return learn_unknown_names(body, report, translator.settings)


def _efforts(body: dict[str, Any], report: ErrorReport, translator: Translator) -> Amendment | None:
    return learn_effort(body, report, translator.settings, translator.efforts)


def _signatures(
    body: dict[str, Any], report: ErrorReport, translator: Translator
) -> Amendment | None:
    return learn_corrupted_signatures(body, report, translator.settings)


class Translation:
    """A request as it is sent, and how its answer is read.

    Attributes:
        body: what to send, made of plain JSON values; None for nothing.
        url: where to send it, when that is not the path asked for.
        query: the parameters to send, when those are not the ones given.
        headers: to send beside the client's own.
        notes: what was done to the request.
        applied: the names of the repairs of its answer, once that is read.
        given_names: the app's names of functions, by those that are sent instead.
        first_input: the place of the first text to embed, in the call this is a part of.
    """

    learners: ClassVar[tuple[Learner, ...]] = (_unknown_names,)
    """What may learn from a refusal, each asked in turn."""

    def __init__(
        self,
        translator: Translator,
        body: Any,
        notes: Sequence[Note] = (),
        *,
        reader: Reader | None = None,
        holds: Sequence[str] = (),
        may_be_empty: bool = False,
    ) -> None:
        self.translator = translator
        self.settings = translator.settings
        self.body = body
        self.notes = notes
        self.url: str | None = None
        self.query: Mapping[str, object] | None = None
        self.headers: Mapping[str, str] = {}
        self.applied: set[RepairName] = set()
        self.given_names: Mapping[str, str] = {}
        self.first_input = 0
        self._reader = reader
        self._learnt: set[str] = set()
        # Keys of which an answer has one, where they are known; else any JSON is an answer.
        self._holds = holds
        self._may_be_empty = may_be_empty

    def read(self, data: bytes, now: int) -> Any:
        """The JSON of a whole answer as OpenAI would have sent it, or `AS_IS`.

        `now` is in seconds since the epoch. Raises `ValueError` when `data` is no JSON, and
        `AnswerError` when it must not be passed on: `NoAnswerError` when it is no answer at all.
        """
        if self._reader is None and not self._holds:
            return AS_IS
        value = self._value(data)
        if self._reader is None:
            return AS_IS
        return self._reader(self, value, now) if is_object(value) else value

    def _value(self, data: bytes) -> Any:
        """The JSON of an answer. Raises `NoAnswerError` where it is none."""
        value = from_json(data)
        if self._holds and self.settings.on("errors-in-answers"):
            refuse_no_answer(value, self._holds, may_be_empty=self._may_be_empty)
        return value

    def chunks(self) -> ChunkAdapter | None:
        """Make what reads a streamed answer, for one stream."""
        return None

    def relearn(self, error_body: object) -> bool:
        """After a refusal with 400: whether `body` is now one without what was refused.

        True at most once for each thing there is to learn, so sending again comes to an end.
        """
        if not is_object(self.body):
            return False
        report = read_error(error_body)
        for learner in self.learners:
            amendment = learner(self.body, report, self.translator)
            if amendment is not None and amendment.learnt not in self._learnt:
                self._learnt.add(amendment.learnt)
                self.body, self.notes = amendment.body, amendment.notes
                return True
        return False

    def remark(
        self, status: int, report: ErrorReport, credential: Credential | None = None
    ) -> str | None:
        """What may help with a refusal, to be added to its message.

        `credential` says what the request was authorised by, where that may be the trouble.
        """
        if status < _RETRIED:
            from .hints import hint

            refusal = self._refusal(report)._replace(status=status, credential=credential)
            if told := hint(refusal):
                return told
        if not self.settings.on("model-suggestions"):
            return None
        message = report.message or ""
        remarks = [suggest_models(message, self.translator.known_models, self.settings)]
        if self.settings.backend == "vertex":
            remarks.append(remark_on_missing(message))
        return "; ".join(filter(None, remarks)) or None

    def _refusal(self, report: ErrorReport) -> Refusal:
        from .hints import Refusal

        sent = self.body if is_object(self.body) else {}
        return Refusal(report, sent, settings=self.settings, first_input=self.first_input)

    def remember_models(self, page: dict[str, Any]) -> dict[str, Any]:
        """Keep the ids of a list of models, to propose when one is wrong; gives the list back."""
        listed = page.get("data")
        rows = [row for row in listed if is_object(row)] if is_array(listed) else []
        self.translator.known_models |= {
            row["id"] for row in rows if isinstance(row.get("id"), str)
        }
        return page


def _adapt_chat(
    body: dict[str, Any], translator: Translator, settings: Settings
) -> tuple[dict[str, Any], Sequence[Note], Mapping[str, str]]:
    """The body to send, what was done to it, and the app's names of functions by those sent."""
    body, notes = adapt_chat_request(body, settings, translator.memory, translator.efforts)
    if not is_gemini(str(body.get("model"))):
        return body, notes, {}
    body, more, given_names = with_wire_names(body, settings)
    return body, [*notes, *more], given_names


class Chat(Translation):
    """`POST /chat/completions`. A body that is sent as bytes, and so not known, counts as empty."""

    learners = (_unknown_names, _efforts, _signatures)

    def __init__(self, translator: Translator, body: Any) -> None:
        asked: dict[str, Any] = body if is_object(body) else {}
        notes: Sequence[Note] = ()
        given_names: Mapping[str, str] = {}
        if is_object(body):
            body, notes, given_names = _adapt_chat(body, translator, translator.settings)
        super().__init__(translator, body, notes, holds=("choices",))
        self._asked = asked
        self.given_names = given_names
        if is_object(body) and "service_tier" in body:
            self.headers = tier_headers(body, translator.settings)

    def read(self, data: bytes, now: int) -> Any:
        """The JSON of a completion, repaired by what the request asked for."""
        value = self._value(data)
        if not is_object(value):
            return value
        return adapt_completion(value, self._context(), camel_case=may_have_camel_case(data))

    def chunks(self) -> ChunkAdapter | None:
        """Make what repairs the chunks of one stream."""
        return ChunkAdapter(self._context())

    def _refusal(self, report: ErrorReport) -> Refusal:
        asked, sent = self._asked, self._request()
        origins = message_origins(
            asked, sent, lambda marked: _adapt_chat(marked, self.translator, self.settings)[0]
        )
        refusal = (
            super()
            ._refusal(report)
            ._replace(asked=asked, origins=origins, given_names=self.given_names)
        )
        off = self.settings.off
        return refusal._replace(unmade=sorted(self._all_repairs() & off)) if off else refusal

    def _all_repairs(self) -> set[str]:
        """The names of the repairs that the request gets where none is switched off."""
        everything = self.settings._replace(off=frozenset())
        try:
            _, notes, _ = _adapt_chat(self._asked, self.translator, everything)
        except InvalidRequestError as trouble:
            return {trouble.repair}
        return {note.repair for note in notes}

    def _context(self) -> AnswerContext:
        memory = self.translator.memory
        return answer_context(
            self._request(),
            self.settings,
            memory,
            applied=self.applied,
            given_names=self.given_names,
        )

    def _request(self) -> dict[str, Any]:
        return self.body if is_object(self.body) else {}


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
        holds = ("data", "file", "files", "state")
        super().__init__(translator, body, holds=holds, may_be_empty=True)
        self._path = path
        if path.startswith("/"):
            self.url = native_url(path, base_url, self.settings)
        if self.url is not None and path == "/files":
            self._purpose = str(query["purpose"]) if query.get("purpose") else None
            self.query, self.notes = native_query(query), list_notes(query)

    def read(self, data: bytes, now: int) -> Any:
        """The JSON of a file, or of a list of files, in OpenAI's form."""
        value: Any = self._value(data or b"{}")
        if not self.settings.on("files") or not has_file_shape(value):
            return value
        return openai_answer(value, self._path, self._purpose)

    def remark(
        self, status: int, report: ErrorReport, credential: Credential | None = None
    ) -> str | None:
        """What may help with a refusal: first, what Google does not say of a request for a file."""
        told = remark_on(self._path) if self.url is not None else None
        return told or super().remark(status, report, credential)


def _embeddings(translator: Translator, body: Any, first_input: int) -> Translation:
    if not is_object(body):
        return Translation(translator, body, holds=("data",))
    as_base64 = body.get("encoding_format") == "base64"

    def read(made: Translation, value: dict[str, Any], now: int) -> dict[str, Any]:
        packed = as_base64 and made.body.get("encoding_format") == "float"
        return join_embeddings([value], [made.body], made.settings, as_base64=packed)

    adapted = adapt_embedding_request(body, translator.settings, first_input)
    made = Translation(translator, *adapted, reader=read, holds=("data",))
    made.first_input = first_input
    return made


def _images(translator: Translator, body: Any) -> Translation:
    adapted = AdaptedRequest(body)
    if is_object(body):
        adapted = adapt_image_request(body, translator.settings)
    return Translation(
        translator,
        *adapted,
        reader=lambda made, value, now: adapt_images(value, now, made.settings),
        holds=("data", "images"),
        may_be_empty=True,
    )


def _vertex_catalogue(
    translator: Translator, body: Any, base_url: str, project: str | None
) -> Translation:
    """`GET /models` on Vertex AI, whose list of models is elsewhere and of another shape."""
    made = Translation(
        translator,
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


_models = partial(Translation, reader=_read_models, holds=("data",), may_be_empty=True)
_model = partial(Translation, reader=_read_model, holds=("object",))
_batches = partial(
    Translation,
    reader=_read_batch,
    holds=("data", "done", "metadata", "operations", "response", "status"),
    may_be_empty=True,
)
_video = partial(Translation, reader=_read_video, holds=("status",))
_ENDPOINTS: tuple[tuple[str, Callable[[Translator, Any], Translation]], ...] = (
    ("/chat/completions", Chat),
    ("/images/generations", _images),
    ("/models", _models),
    ("/models/", _model),
    ("/batches", _batches),
    ("/batches/", _batches),
    ("/videos", _video),
    ("/videos/", _video),
)
"""How a path ends, or what is in it, and how requests to it are translated."""
