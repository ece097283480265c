"""Leave out, or refuse before sending, what one model does not take and others do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...._primitives.json_types import is_object
from ...model_table import facts_of
from ...notes import InvalidRequestError, Note
from ...options import google_options
from ...parameters import Parameter, without_refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...settings import Settings

_ROWS = (
    Parameter("presence_penalty", "repetition is not penalised", changes_answer=True),
    Parameter("frequency_penalty", "repetition is not penalised", changes_answer=True),
    Parameter("n", "there is one choice; send the request as often as you need", True),
)
_ONE = ("n", 1)
_LIMITS = frozenset({"cached_content", *(row.name for row in _ROWS)})


def adapt_to_model(
    body: dict[str, Any], model: str, settings: Settings
) -> tuple[dict[str, Any], Sequence[Note]]:
    """`body` without the parameters that `model` refuses, as `settings.unsupported` says.

    Raises:
        InvalidRequestError: the model refuses a cache, which cannot be left out.
        UnsupportedParameterError: the policy is `"error"`.
    """
    facts = facts_of(model)
    refuses = facts.refuses
    if refuses.isdisjoint(_LIMITS) and not facts.output_tokens_at_once:
        return body, ()
    if not settings.on("model-limits"):
        return body, ()
    if "cached_content" in refuses and google_options(body).get("cached_content"):
        raise InvalidRequestError(
            f"{model} takes no cached_content: it caches prompts by itself. Send the beginning of "
            "the conversation with the request.",
            param="cached_content",
            repair="model-limits",
        )
    rows = [row for row in _ROWS if row.name in refuses and (row.name, body.get(row.name)) != _ONE]
    body, notes = without_refused(body, rows, model, settings, "model-limits")
    limit = facts.output_tokens_at_once
    asked = body.get("max_completion_tokens") or body.get("max_tokens")
    if limit and not body.get("stream") and isinstance(asked, int) and asked > limit:
        message = (
            f"{model} gives at most {limit} tokens without streaming, thinking included, and more "
            f"are asked for; with stream=True it gives up to {facts.output_tokens}."
        )
        notes = [*notes, Note("model-limits", message, changes_answer=True, warn=True)]
    return body, notes


def refuse_prefill(
    messages: Sequence[Any], places: Sequence[int], model: str, settings: Settings
) -> None:
    """Raise `InvalidRequestError` if the model would have to go on with an answer that was begun.

    `messages` are those to send, `places` where they are among the caller's.
    """
    if "assistant_prefill" not in facts_of(model).refuses or not settings.on("model-limits"):
        return
    spoken = [
        (place, message)
        for place, message in zip(places, messages, strict=True)
        if is_object(message) and message.get("role") not in {"system", "developer"}
    ]
    place, last = spoken[-1] if spoken else (0, {})
    # Calls without results are told by another check.
    if last.get("role") not in {"assistant", "model"} or last.get("tool_calls"):
        return
    where = f"messages[{place}]"
    raise InvalidRequestError(
        f"{where} is the assistant's and nobody answers it, and {model} does not go on "
        "with an answer that was begun. End with a message of the user.",
        param=where,
        repair="model-limits",
    )
