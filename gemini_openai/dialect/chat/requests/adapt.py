"""Adapt a chat request written for OpenAI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...._primitives.json_types import is_array
from ...models import is_gemini, with_wire_model
from ...notes import AdaptedRequest
from ...nulls import adapt_nulls
from ...parameters import adapt_parameters
from ...settings import DEFAULT_SETTINGS
from ..signatures import restore_signatures
from .message_shapes import check_messages
from .messages import repair_messages
from .model_limits import adapt_to_model, refuse_prefill
from .survey import CALLS, LEGACY, survey
from .thinking import adapt_gemini_options
from .vertex_options import with_tools_in_place

if TYPE_CHECKING:
    from ...settings import Settings
    from ..signatures import SignatureMemory
    from .efforts import EffortMemory


def adapt_chat_request(
    body: dict[str, Any],
    settings: Settings = DEFAULT_SETTINGS,
    memory: SignatureMemory | None = None,
    efforts: EffortMemory | None = None,
) -> AdaptedRequest:
    """Adapt the body of `POST /chat/completions`: plain JSON values, its `messages` a list.

    The body given is not touched, and is given back as it is when it needs nothing. For a model of
    another publisher on Vertex, and for one that a user deployed, only the name is looked at: its
    server is another.

    Raises:
        InvalidRequestError: Gemini would refuse the request, and what was meant is not certain.
        UnsupportedParameterError: Gemini lacks a parameter, and the policy is `"error"`.
    """
    body, renamed = with_wire_model(body, settings)
    notes = [*renamed]
    model = body.get("model")
    model = model if isinstance(model, str) else ""
    if settings.self_deployed or not is_gemini(model):
        return AdaptedRequest(body, notes)
    if "messages" in body:
        check_messages(body["messages"], settings)
    body, more = adapt_nulls(body, settings)
    notes += more
    if "tools" in body or "response_format" in body or "tool_choice" in body:
        from .tool_shapes import with_openai_shapes

        body, more = with_openai_shapes(body, settings)
        notes += more
    body, more = adapt_parameters(body, "chat", settings)
    notes += more
    body, more = adapt_gemini_options(body, model, settings, efforts)
    notes += more
    body, more = adapt_to_model(body, model, settings)
    notes += more
    messages = body.get("messages")
    if is_array(messages):
        found = survey(messages)
        repaired, more, places = repair_messages(messages, settings, found, model)
        notes += more
        if found & (CALLS | LEGACY):
            repaired, more = restore_signatures(repaired, model, settings, memory, places)
            notes += more
        refuse_prefill(repaired, places, model, settings)
        if repaired is not messages:
            body = {**body, "messages": repaired}
    if "tools" in body:
        body, more = with_tools_in_place(body, settings)
        notes += more
    if "tools" in body or "response_format" in body:
        from .json_beside_tools import with_format_in_words
        from .schemas import adapt_schemas  # 20 ms that many programs never need

        body, more = with_format_in_words(body, model, settings)
        notes += more
        body, more = adapt_schemas(body, settings)
        notes += more
    return AdaptedRequest(body, notes)
