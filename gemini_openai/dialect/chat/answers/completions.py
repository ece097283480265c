"""Turn a whole chat answer into what OpenAI would have sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...._primitives.json_types import is_array, is_object
from ...camel_case import snake_case
from ..function_names import with_given_names
from ..tool_calls import calls_of, made_id, whole_calls
from .choices import is_completion, with_number_created, with_text_content, withheld_choice
from .finish_reasons import is_openais, with_finish_reason
from .thoughts import ThoughtSplitter, is_flagged
from .usage import openai_usage

if TYPE_CHECKING:
    from ...settings import Settings
    from ...table import RepairName
    from .context import AnswerContext

_ORDINARY = frozenset(
    {"choices", "created", "id", "model", "object", "system_fingerprint", "usage"}
)
_CHOICE = frozenset({"finish_reason", "index", "message"})
_MESSAGE = frozenset({"content", "role"})
_COUNTS = frozenset({"completion_tokens", "prompt_tokens", "total_tokens"})


def ordinary_completion(
    value: Any, settings: Settings, applied: set[RepairName]
) -> dict[str, Any] | None:
    """What `adapt_completion` makes of an answer of texts alone; None for any other.

    One look at its keys spares it all but the repair of its usage. It is for a request that asks
    for no thoughts.
    """
    if (
        value.__class__ is not dict
        or not value.keys() <= _ORDINARY
        or value.get("object") != "chat.completion"
        or not (id := value.get("id"))
        or not id.__class__ is value.get("model").__class__ is str
        or value.get("created").__class__ is not int
        or value.get("system_fingerprint", id).__class__ is not str
    ):
        return None
    choices = value.get("choices")
    if choices.__class__ is not list or not choices or not all(map(_is_text, choices)):
        return None
    usage = value.get("usage")
    if usage is None or not settings.on("usage"):
        return value if usage is None else None
    if usage.__class__ is not dict or not usage.keys() <= _COUNTS:
        return None
    if not all(count.__class__ is int for count in usage.values()):
        return None
    counted = openai_usage(usage)
    if counted is usage:
        return value
    applied.add("usage")
    return {**value, "usage": counted}


def _is_text(choice: Any) -> bool:
    """Whether a choice is a text, as OpenAI has it, and nothing else."""
    if choice.__class__ is not dict or choice.keys() != _CHOICE:
        return False
    message, reason = choice["message"], choice["finish_reason"]
    return (
        message.__class__ is dict
        and message.keys() == _MESSAGE
        and message["content"].__class__ is str
        and message["role"].__class__ is str
        and message["role"] != ""
        and choice["index"].__class__ is int
        and reason.__class__ is str
        and is_openais(reason)
    )


def adapt_completion(
    value: dict[str, Any], context: AnswerContext, *, camel_case: bool = True
) -> dict[str, Any]:
    """A `chat.completion` as OpenAI would have sent it; adapting it again changes nothing.

    There is always a list of choices, each with a message and an index. Google's own words stay
    beside: `gemini_finish_reason` in a choice, `gemini_usage` in `usage`. Signatures of tool calls
    go into the context's memory. `camel_case` is False where no key can be in it.
    """
    out = value
    if camel_case and context.settings.on("camel-case") and (plain := snake_case(out)) is not out:
        context.applied.add("camel-case")
        out = plain
    seed = str(out.get("id") or context.seed)
    if not out.get("id") and is_completion(out) and context.settings.on("chunk-ids"):
        out = _applied(out, "id", made_id("chatcmpl-", 29, seed), "chunk-ids", context)
    if is_array(choices := _choices(out, context)):
        new_choices = [_choice(choice, i, seed, context) for i, choice in enumerate(choices)]
        out = _with(out, "choices", new_choices)
    if is_object(usage := out.get("usage")) and context.settings.on("usage"):
        out = _applied(out, "usage", openai_usage(usage), "usage", context)
    out = with_number_created(out, context)
    if context.memory is not None:
        context.memory.remember(out, context.messages)
    return out


def _choices(value: dict[str, Any], context: AnswerContext) -> Any:
    choices = value.get("choices")
    missing = (not is_array(choices) or not choices) and is_completion(value)
    return [withheld_choice(context)] if missing and context.settings.on("choices") else choices


def _choice(choice: Any, place: int, seed: str, context: AnswerContext) -> Any:
    if not is_object(choice):
        return choice
    out = choice
    if context.settings.on("missing-fields"):
        out = _applied(out, "message", _message(out.get("message")), "missing-fields", context)
        if not isinstance(out.get("index"), int):
            out = _applied(out, "index", place, "missing-fields", context)
    message = out.get("message")
    if is_object(message):
        message = with_text_content(message, context)
        if context.settings.on("thoughts"):
            message = _without_thoughts(message, context)
        if calls := with_given_names(calls_of(message), context):
            whole = whole_calls(calls, seed, place, context.settings, context.applied)
            message = _with(message, "tool_calls", whole)
        out = _with(out, "message", message)
    return with_finish_reason(out, context, called=bool(calls_of(message)))


def _message(message: Any) -> dict[str, Any]:
    if not is_object(message):
        return {"role": "assistant", "content": None}
    if message.get("role") and "content" in message:
        return message
    return {
        **message,
        "role": message.get("role") or "assistant",
        "content": message.get("content"),
    }


def _without_thoughts(message: dict[str, Any], context: AnswerContext) -> dict[str, Any]:
    content = message.get("content")
    flagged = is_flagged(message)
    if not isinstance(content, str) or isinstance(message.get("reasoning_content"), str):
        return message
    if not (flagged or context.thoughts_asked_for):
        return message
    splitter = ThoughtSplitter(context.tag, asked_for=context.thoughts_asked_for)
    pieces = [*splitter.feed(content, flagged=flagged), *splitter.end()]
    thought = "".join(piece.text for piece in pieces if piece.is_thought)
    answer = "".join(piece.text for piece in pieces if not piece.is_thought)
    if answer == content:
        return message
    context.applied.add("thoughts")
    return {**message, "content": answer or None, "reasoning_content": thought}


def _with(value: dict[str, Any], key: str, new: Any) -> dict[str, Any]:
    """`value` with `new` under `key`; the same object, if that is what it has."""
    return value if key in value and value[key] == new else {**value, key: new}


def _applied(
    value: dict[str, Any], key: str, new: Any, repair: RepairName, context: AnswerContext
) -> dict[str, Any]:
    out = _with(value, key, new)
    if out is not value:
        context.applied.add(repair)
    return out
