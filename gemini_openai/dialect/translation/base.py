"""Hold a request as it is sent: the part that the endpoints have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic_core import from_json

from ..._primitives.json_types import is_array, is_object
from ..chat.requests.efforts import EffortMemory
from ..chat.signatures import SignatureMemory
from ..models import suggest_models
from ..refusals.no_answers import refuse_no_answer
from ..routes.vertex_routes import remark_on_missing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeAlias

    from ..chat.answers.chunks import ChunkAdapter
    from ..notes import Amendment, Note
    from ..refusals.errors import ErrorReport
    from ..refusals.hints import Credential, Refusal
    from ..routes.embeddings import Apart
    from ..settings import Settings
    from ..table import RepairName

    Reader: TypeAlias = Callable[["Translation", dict[str, Any], int], dict[str, Any]]
    Learner: TypeAlias = Callable[
        [dict[str, Any], ErrorReport, Settings, "Remembered"], Amendment | None
    ]

AS_IS: Any = object()
"""What `Translation.read` gives when the bytes need no repair, and so no parsing twice."""
_RETRIED = 429
"""From this status on a refusal is not about what the request has in it."""


class Remembered:
    """What a client remembers from one request to the next, and its copies with it.

    Attributes:
        signatures: the thought signatures of the last tool calls.
        efforts: what models said that they take.
        models: the ids that a list of models had.
        warned: what the caller was told already.
    """

    def __init__(self) -> None:
        self.signatures = SignatureMemory()
        self.efforts = EffortMemory()
        self.models: set[str] = set()
        self.warned: set[str] = set()


def _unknown_names(
    body: dict[str, Any], report: ErrorReport, settings: Settings, remembered: Remembered
) -> Amendment | None:
    from ..refusals.unknown_names import learn_unknown_names

    return learn_unknown_names(body, report, settings)


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
        settings: Settings,
        remembered: Remembered,
        body: Any,
        notes: Sequence[Note] = (),
        *,
        reader: Reader | None = None,
        holds: Sequence[str] = (),
        may_be_empty: bool = False,
    ) -> None:
        self.settings = settings
        self.remembered = remembered
        self.body = body
        self.notes = notes
        self.url: str | None = None
        self.query: Mapping[str, object] | None = None
        self.headers: Mapping[str, str] = {}
        self.applied: set[RepairName] = set()
        self.given_names: Mapping[str, str] = {}
        self.first_input = 0
        self._reader = reader
        self._learnt: frozenset[str] = frozenset()
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

    def vectors_apart(self, data: bytes) -> Apart | None:
        """What `read` gives, the vectors beside the rest; None where there are none to be so.

        Raises `AnswerError` as `read`.
        """
        return None

    def _value(self, data: bytes) -> Any:
        """The JSON of an answer. Raises `NoAnswerError` where it is none."""
        value = from_json(data)
        if self._holds and self.settings.on("errors-in-answers"):
            refuse_no_answer(value, self._holds, may_be_empty=self._may_be_empty)
        return value

    def chunks(self) -> ChunkAdapter | None:
        """Make what reads a streamed answer, for one stream."""
        return None

    def parts(self) -> Sequence[dict[str, Any]]:
        """The bodies to send in place of `body`, each in a request of its own; mostly none."""
        return ()

    def joined(self, answers: Sequence[bytes]) -> bytes:
        """The answers to the `parts`, in their order, as one that `read` takes."""
        raise NotImplementedError

    def relearn(self, error_body: object) -> bool:
        """After a refusal with 400: whether `body` is now one without what was refused.

        True at most once for each thing there is to learn, so sending again comes to an end.
        """
        if not is_object(self.body):
            return False
        from ..refusals.errors import read_error

        report = read_error(error_body)
        for learner in self.learners:
            amendment = learner(self.body, report, self.settings, self.remembered)
            if amendment is not None and amendment.learnt not in self._learnt:
                self._learnt |= {amendment.learnt}
                self.body, self.notes = amendment.body, amendment.notes
                return True
        return False

    def remark(
        self, status: int, report: ErrorReport, credential: Credential | None = None
    ) -> str | None:
        """What may help with a refusal, to be added to its message.

        `credential` says what the request was authorised by, where that may be the trouble.
        """
        # To prepare what hints are found by takes the whole request once more.
        if status < _RETRIED and self.settings.on("hints"):
            from ..refusals.hints import hint

            refusal = self._refusal(report)._replace(status=status, credential=credential)
            if told := hint(refusal):
                return told
        if not self.settings.on("model-suggestions"):
            return None
        message = report.message or ""
        remarks = [suggest_models(message, self.remembered.models, self.settings)]
        if self.settings.backend == "vertex":
            remarks.append(remark_on_missing(message))
        return "; ".join(filter(None, remarks)) or None

    def _refusal(self, report: ErrorReport) -> Refusal:
        from ..refusals.hints import Refusal

        sent = self.body if is_object(self.body) else {}
        return Refusal(report, sent, settings=self.settings, first_input=self.first_input)

    def remember_models(self, page: dict[str, Any]) -> dict[str, Any]:
        """Keep the ids of a list of models, to propose when one is wrong; gives the list back."""
        listed = page.get("data")
        rows = listed if is_array(listed) else ()
        ids = [row.get("id") for row in rows if row.__class__ is dict]
        self.remembered.models.update([id for id in ids if id.__class__ is str])
        return page
