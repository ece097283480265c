"""Turn a whole chat answer into what OpenAI would have sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._primitives.json_types import is_array, is_object
from ..camel_case import snake_case
from .function_names import with_given_names
from .thoughts import ThoughtSplitter, is_flagged
from .tool_calls import calls_of, whole_calls

if TYPE_CHECKING:
    from ..table import RepairName
    from .context import AnswerContext

RAW_FINISH_REASON = "gemini_finish_reason"
"""The key of a choice that keeps Google's word, where OpenAI's is another."""

_FINISH_REASONS = frozenset({"stop", "length", "tool_calls", "content_filter", "function_call"})
_FINISH_REASON_OF = {
    "max_tokens": "length",
    # A call the model made was unusable and is withheld: the nearest that OpenAI has, and not
    # `stop`, which would say that the answer is whole.
    "function_call_filter": "content_filter",
    "malformed_function_call": "content_filter",
    "safety": "content_filter",
    "recitation": "content_filter",
    "prohibited_content": "content_filter",
    "blocklist": "content_filter",
    "spii": "content_filter",
}
RAW_USAGE = "gemini_usage"
"""The key of a usage that keeps Google's own counts, where ours are others."""


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
    if is_array(choices := _choices(out, context)):
        new_choices = [_choice(choice, i, seed, context) for i, choice in enumerate(choices)]
        out = _with(out, "choices", new_choices)
    if is_object(usage := out.get("usage")) and context.settings.on("usage"):
        out = _applied(out, "usage", openai_usage(usage), "usage", context)
    out = with_number_created(out, context)
    if context.memory is not None:
        context.memory.remember(out, context.messages)
    return out


def with_number_created(value: dict[str, Any], context: AnswerContext) -> dict[str, Any]:
    """`created` as a number, where it came as text."""
    created = value.get("created")
    if isinstance(created, str) and created.isdigit() and context.settings.on("created"):
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
    if context.settings.on("finish-reasons"):
        new = openai_finish_reason(reason)
        if new != reason:
            context.applied.add("finish-reasons")
    if called and new == "stop" and context.settings.on("tool-calls-finish"):
        new = "tool_calls"
        context.applied.add("tool-calls-finish")
    if new == reason:
        return choice
    return {
        **choice,
        "finish_reason": new,
        RAW_FINISH_REASON: choice.get(RAW_FINISH_REASON, reason),
    }


def openai_finish_reason(reason: str) -> str:
    """One of OpenAI's reasons for one with a suffix (`content_filter: SAFETY`) or a native one.

    A word that is not known is given back as it is.
    """
    word = reason.partition(":")[0].strip().lower()
    if word in _FINISH_REASONS:
        return word
    if word in _FINISH_REASON_OF:
        return _FINISH_REASON_OF[word]
    return "content_filter" if word.endswith("_filter") else reason


def openai_usage(usage: dict[str, Any]) -> dict[str, Any]:
    """`usage` with thinking counted in `completion_tokens`, and both details there.

    Google counts thinking in the total alone; Vertex names it besides, still outside of
    `completion_tokens`. At OpenAI it is part of `completion_tokens`, and the parts add up.

    Details that were missing: `reasoning_tokens` from the sum, and no `cached_tokens`, which Google
    leaves out where there are none. The same object, if it needs nothing.
    """
    if RAW_USAGE in usage:
        return usage
    out = dict(usage)
    details = usage.get("completion_tokens_details")
    named = details.get("reasoning_tokens") if is_object(details) else None
    prompt, completion, total = map(
        usage.get, ("prompt_tokens", "completion_tokens", "total_tokens")
    )
    if isinstance(prompt, int) and isinstance(completion, int) and isinstance(total, int):
        gap = total - prompt - completion
        reasoning = named if isinstance(named, int) else max(gap, 0)
        if 0 < reasoning <= gap:
            out["completion_tokens"] = completion + reasoning
            out[RAW_USAGE] = usage
        if not isinstance(named, int):
            out["completion_tokens_details"] = {
                **(details if is_object(details) else {}),
                "reasoning_tokens": reasoning,
            }
    out.setdefault("prompt_tokens_details", {"cached_tokens": 0})
    return usage if out == usage else out


def withheld_choice(context: AnswerContext) -> dict[str, Any]:
    """The choice of an answer that came without any: Gemini blocked the prompt.

    Google says no more than that, so its word is None.
    """
    context.applied.add("choices")
    return {"finish_reason": "content_filter", "index": 0, RAW_FINISH_REASON: None}


def _choices(value: dict[str, Any], context: AnswerContext) -> Any:
    choices = value.get("choices")
    missing = not is_array(choices) or not choices
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
        if context.settings.on("thoughts"):
            message = _without_thoughts(message, context)
        calls = with_given_names(made := calls_of(message), context)
        if calls is not made:
            message = {**message, "tool_calls": calls}
        if calls and context.settings.on("tool-call-ids"):
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
    value: dict[str, Any], key: str, new: Any, repair: RepairName, context: AnswerContext
) -> dict[str, Any]:
    out = _with(value, key, new)
    if out is not value:
        context.applied.add(repair)
    return out
