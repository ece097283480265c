"""Translate requests for chat, and read their answers, whole or streamed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from ..._primitives.json_types import is_object
from ..camel_case import may_have_camel_case
from ..chat.answers.choices import refuse_no_completion
from ..chat.answers.chunks import ChunkAdapter
from ..chat.answers.completions import adapt_completion, ordinary_completion
from ..chat.answers.context import answer_context
from ..chat.function_names import with_wire_names
from ..chat.requests.adapt import adapt_chat_request
from ..chat.requests.origins import message_origins
from ..chat.requests.thinking import learn_effort
from ..chat.requests.vertex_options import tier_headers
from ..chat.signatures import learn_corrupted_signatures
from ..models import is_gemini
from ..notes import InvalidRequestError
from .base import Translation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..chat.answers.context import AnswerContext
    from ..notes import Amendment, Note
    from ..refusals.errors import ErrorReport
    from ..refusals.hints import Refusal
    from ..settings import Settings
    from .base import Remembered


def _efforts(
    body: dict[str, Any], report: ErrorReport, settings: Settings, remembered: Remembered
) -> Amendment | None:
    return learn_effort(body, report, settings, remembered.efforts)


def _signatures(
    body: dict[str, Any], report: ErrorReport, settings: Settings, remembered: Remembered
) -> Amendment | None:
    return learn_corrupted_signatures(body, report, settings)


class Chat(Translation):
    """`POST /chat/completions`. A body that is sent as bytes, and so not known, counts as empty."""

    learners = (*Translation.learners, _efforts, _signatures)

    def __init__(self, settings: Settings, remembered: Remembered, body: Any) -> None:
        asked: dict[str, Any] = body if is_object(body) else {}
        notes: Sequence[Note] = ()
        given_names: Mapping[str, str] = {}
        if is_object(body):
            body, notes, given_names = _adapt_chat(body, settings, remembered)
        super().__init__(settings, remembered, body, notes)
        self._asked = asked
        self.given_names = given_names
        if is_object(body) and "service_tier" in body:
            self.headers = tier_headers(body, settings)

    def read(self, data: bytes, now: int) -> Any:
        """The JSON of a completion, repaired by what the request asked for."""
        value = from_json(data)
        if "extra_body" not in self._request():
            ordinary = ordinary_completion(value, self.settings, self.applied)
            if ordinary is not None:
                return ordinary
        if self.settings.on("errors-in-answers"):
            refuse_no_completion(value)
        if not is_object(value):
            return value
        return adapt_completion(value, self._context(), camel_case=may_have_camel_case(data))

    def chunks(self) -> ChunkAdapter | None:
        """Make what repairs the chunks of one stream."""
        return ChunkAdapter(self._context())

    def _refusal(self, report: ErrorReport) -> Refusal:
        asked, sent = self._asked, self._request()
        origins = message_origins(
            asked, sent, lambda marked: _adapt_chat(marked, self.settings, self.remembered)[0]
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
            _, notes, _ = _adapt_chat(self._asked, everything, self.remembered)
        except InvalidRequestError as trouble:
            return {trouble.repair}
        return {note.repair for note in notes}

    def _context(self) -> AnswerContext:
        return answer_context(
            self._request(),
            self.settings,
            self.remembered.signatures,
            applied=self.applied,
            given_names=self.given_names,
        )

    def _request(self) -> dict[str, Any]:
        return self.body if is_object(self.body) else {}


def _adapt_chat(
    body: dict[str, Any], settings: Settings, remembered: Remembered
) -> tuple[dict[str, Any], Sequence[Note], Mapping[str, str]]:
    """The body to send, what was done to it, and the app's names of functions by those sent."""
    body, notes = adapt_chat_request(body, settings, remembered.signatures, remembered.efforts)
    if settings.self_deployed or not is_gemini(str(body.get("model"))):
        return body, notes, {}
    body, more, given_names = with_wire_names(body, settings)
    return body, [*notes, *more], given_names
