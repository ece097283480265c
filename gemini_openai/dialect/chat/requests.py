"""A chat request as written for OpenAI to one that Gemini takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..._primitives.json_types import is_array
from ..notes import Note
from ..parameters import adapt_parameters
from ..routes.models import is_gemini, wire_model
from ..settings import DEFAULT
from .messages import CALLS, repair_messages, survey
from .signatures import restore_signatures
from .thinking import adapt_gemini_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..settings import Settings
    from .signatures import SignatureMemory


class AdaptedRequest(NamedTuple):
    """A body to send, and what was done to it."""

    body: dict[str, Any]
    notes: Sequence[Note] = ()


def adapt_chat_request(
    body: dict[str, Any], settings: Settings = DEFAULT, memory: SignatureMemory | None = None
) -> AdaptedRequest:
    """Adapt the body of `POST /chat/completions`: plain JSON values, its `messages` a list.

    The body given is not touched, and is given back as it is when it needs nothing. For a model of
    another publisher on Vertex only its name is looked at.

    Raises:
        InvalidRequestError: Gemini would refuse the request, and what was meant is not certain.
        UnsupportedParameterError: Gemini lacks a parameter, and the caller wants to be told so.
    """
    notes: list[Note] = []
    body, model = _with_wire_model(body, settings, notes)
    if not is_gemini(model):
        return AdaptedRequest(body, notes)
    body, more = adapt_parameters(body, "chat", settings)
    notes += more
    body, more = adapt_gemini_options(body, model, settings)
    notes += more
    messages = body.get("messages")
    if is_array(messages) and (found := survey(messages)):
        repaired, more = repair_messages(messages, settings, found)
        notes += more
        if found & CALLS:
            repaired, more = restore_signatures(repaired, model, settings, memory)
            notes += more
        if repaired is not messages:
            body = {**body, "messages": repaired}
    if "tools" in body or "response_format" in body:
        from .request_schemas import adapt_schemas  # 20 ms that many programs never need

        body, more = adapt_schemas(body, settings)
        notes += more
    return AdaptedRequest(body, notes)


def with_wire_model(body: dict[str, Any], settings: Settings) -> AdaptedRequest:
    """`body` with its model named as the backend wants it, for any endpoint."""
    notes: list[Note] = []
    return AdaptedRequest(_with_wire_model(body, settings, notes)[0], notes)


def _with_wire_model(
    body: dict[str, Any], settings: Settings, notes: list[Note]
) -> tuple[dict[str, Any], str]:
    model = body.get("model")
    if not isinstance(model, str):
        return body, ""
    if "model-names" in settings.off:
        return body, model
    wire = wire_model(model, settings)
    if wire == model:
        return body, model
    notes.append(Note("model-names", f"model {model!r} was asked for as {wire!r}"))
    return {**body, "model": wire}, wire
