"""A whole chat answer as Gemini sends it to one as OpenAI would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._primitives.json_types import is_array, is_object
from .camel_case import CAMEL_CASE, snake_case
from .finish_reasons import RAW as RAW_REASON, openai_finish_reason
from .ids import random_seed
from .messages import calls_of
from .thoughts import ThoughtSplitter, is_flagged
from .tool_calls import whole_calls
from .usage import openai_usage

if TYPE_CHECKING:
    from .context import AnswerContext

_PLAIN = (b'"choices"', b'"message"', b'"content"', b'"role"', b'"index"', b'"finish_reason"')
_ODD = (b'"usage"', b'"tool_calls"', b"thought", b"_filter", b'"created":"', b'"created": "')


def needs_repair(data: bytes, context: AnswerContext) -> bool:
    """Whether an answer may need `adapt_completion`: a look at the bytes, wrong on the safe side.

    One with usage always does, for its details.
    """
    return (
        any(name in data for name in _ODD)
        or not all(name in data for name in _PLAIN)
        or (context.thoughts_asked_for and context.tag.encode() in data)
        or any(name in data for name in CAMEL_CASE)
    )


def adapt_completion(value: dict[str, Any], context: AnswerContext) -> dict[str, Any]:
    """A `chat.completion` as OpenAI would have sent it; adapting it again changes nothing.

    There is always a list of choices, each with a message and an index. Google's own words stay
    beside: `gemini_finish_reason` in a choice, `gemini_usage` in `usage`. Signatures of tool calls
    go into the context's memory.
    """
    out = value
    if context.on("camel-case") and (plain := snake_case(out)) is not out:
        context.applied.add("camel-case")
        out = plain
    seed = str(out.get("id") or context.seed or random_seed())
    if is_array(choices := _choices(out, context)):
        new_choices = [_choice(choice, i, seed, context) for i, choice in enumerate(choices)]
        out = _with(out, "choices", new_choices)
    if is_object(usage := out.get("usage")) and context.on("usage"):
        out = _applied(out, "usage", openai_usage(usage), "usage", context)
    out = with_number_created(out, context)
    if context.memory is not None:
        context.memory.remember(out, context.messages)
    return out


def with_number_created(value: dict[str, Any], context: AnswerContext) -> dict[str, Any]:
    """`created` as a number, where it came as text."""
    created = value.get("created")
    if isinstance(created, str) and created.isdigit() and context.on("created"):
        return _applied(value, "created", int(created), "created", context)
    return value


def with_finish_reason(
    choice: dict[str, Any], context: AnswerContext, *, called: bool
) -> dict[str, Any]:
    """A choice, or one of a chunk, that ends in one of OpenAI's words; Google's beside it.

    `called`: whether the choice has tool calls.
    """
    reason = choice.get("finish_reason")
    if not isinstance(reason, str):
        return choice
    new = reason
    if context.on("finish-reasons"):
        new = openai_finish_reason(reason)
        if new != reason:
            context.applied.add("finish-reasons")
    if called and new == "stop" and context.on("tool-calls-finish"):
        new = "tool_calls"
        context.applied.add("tool-calls-finish")
    if new == reason:
        return choice
    return {**choice, "finish_reason": new, RAW_REASON: choice.get(RAW_REASON, reason)}


def withheld_choice(context: AnswerContext) -> dict[str, Any]:
    """The choice of an answer that came without any: Gemini blocked the prompt.

    Google says no more than that, so its word is None.
    """
    context.applied.add("choices")
    return {"finish_reason": "content_filter", "index": 0, RAW_REASON: None}


def _choices(value: dict[str, Any], context: AnswerContext) -> Any:
    choices = value.get("choices")
    missing = not is_array(choices) or not choices
    return [withheld_choice(context)] if missing and context.on("choices") else choices


def _choice(choice: Any, place: int, seed: str, context: AnswerContext) -> Any:
    if not is_object(choice):
        return choice
    out = choice
    if context.on("missing-fields"):
        out = _applied(out, "message", _message(out.get("message")), "missing-fields", context)
        if not isinstance(out.get("index"), int):
            out = _applied(out, "index", place, "missing-fields", context)
    message = out.get("message")
    if is_object(message):
        if context.on("thoughts"):
            message = _without_thoughts(message, context)
        calls = calls_of(message)
        if calls and context.on("tool-call-ids"):
            new_calls = whole_calls(calls, seed, place)
            message = _applied(message, "tool_calls", new_calls, "tool-call-ids", context)
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
    if not isinstance(content, str) or "reasoning_content" in message:
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
    value: dict[str, Any], key: str, new: Any, repair: str, context: AnswerContext
) -> dict[str, Any]:
    out = _with(value, key, new)
    if out is not value:
        context.applied.add(repair)
    return out
