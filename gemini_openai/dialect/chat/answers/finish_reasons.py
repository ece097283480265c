"""Say in OpenAI's words why an answer ended, and what Google's own words mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .context import AnswerContext

RAW_FINISH_REASON = "gemini_finish_reason"
"""The key of a choice that keeps Google's word, where OpenAI's is another."""

_OPENAI = frozenset({"stop", "length", "tool_calls", "content_filter", "function_call"})
# Google's, and those of servers that gateways and self-deployed models answer by: Anthropic,
# Cohere, Mistral, TGI, vLLM and their like.
_AS_OPENAI = {
    **dict.fromkeys(
        ("complete", "completed", "done", "end_of_turn", "end_turn", "eos", "eos_token"), "stop"
    ),
    **dict.fromkeys(("finished", "stop_sequence", "stop_string", "stop_token"), "stop"),
    **dict.fromkeys(
        ("continuation", "max_length", "max_new_tokens", "max_output_tokens"), "length"
    ),
    **dict.fromkeys(("max_tokens", "model_context_window_exceeded", "model_length"), "length"),
    **dict.fromkeys(("tool_call", "tool_use"), "tool_calls"),
}
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

_BLOCKED = "Google's filters withheld it. Change the prompt, or see Google's safety settings"
_NO_IMAGE = "no image was made. Change the prompt, or call again"
_MEANINGS = {
    "malformed_function_call": (
        "the model wrote a tool call that could not be read, and Google withheld it; it is no "
        "safety block. Call again; if it comes back, make the tool's schema simpler"
    ),
    "unexpected_tool_call": (
        "the model called a tool that the request does not have; it is no safety block. Call "
        'again, offer the tool in tools, or send tool_choice="none"'
    ),
    "too_many_tool_calls": (
        "the model called too many tools in a row, and Google stopped it; it is no safety block. "
        "Offer fewer tools, or say in the prompt when to stop"
    ),
    "missing_thought_signature": (
        "a tool call in messages came back without its thought signature; it is no safety block. "
        "Send the assistant's messages back as they came"
    ),
    "malformed_response": (
        "the model's answer could not be read, and Google withheld it; it is no safety block. "
        "Call again"
    ),
    "recitation": (
        "it was too near to a text that others own. Ask for it in other words, or for less of it"
    ),
    "language": "it is in a language that the model does not support. Ask in another",
    "blocklist": _BLOCKED,
    "escalation": _BLOCKED,
    "model_armor": "Model Armor, which the project has set up, blocked it",
    "prohibited_content": _BLOCKED,
    "safety": _BLOCKED,
    "spii": "it may have had personal data of someone in it. Change the prompt",
    "image_other": _NO_IMAGE,
    "image_prohibited_content": _BLOCKED,
    "image_recitation": _NO_IMAGE,
    "image_safety": _BLOCKED,
    "no_image": _NO_IMAGE,
    "error": "the server failed before it was whole. Call again",
    "error_toxic": "a filter of the server's withheld it. Change the prompt",
    "refusal": "the model refused to answer. Change the prompt",
    "other": "Google does not say why. Call again, or change the prompt",
}


def is_openais(reason: str) -> bool:
    """Whether a word for the end of an answer is one of OpenAI's five."""
    return reason in _OPENAI


def openai_finish_reason(reason: str) -> str | None:
    """One of OpenAI's five for any word: bare (`SAFETY`) or behind one (`content_filter: SAFETY`).

    Words of other servers that say that an answer is whole, or was cut, are known, too. None for an
    empty one. A word that is not known is `content_filter`: OpenAI's `stop` says that
    an answer is whole, and of these that is not known.
    """
    word, _, native = (_plain(part) for part in reason.partition(":"))
    if word in _OPENAI:
        return word
    if not word and not native:
        return None
    return _AS_OPENAI.get(word, "content_filter")


def finish_meaning(reason: str) -> str | None:
    """What Google's word for the end of an answer means, and what to do; None if not known."""
    return _MEANINGS.get(_plain(reason.rpartition(":")[2]))


def with_finish_reason(
    choice: dict[str, Any], context: AnswerContext, *, called: bool
) -> dict[str, Any]:
    """A choice, or one of a chunk, that ends in one of OpenAI's words; Google's beside it.

    `called`: whether the choice has tool calls.
    """
    reason = choice.get("finish_reason")
    if not isinstance(reason, str):
        return choice
    new: str | None = reason
    if context.settings.on("finish-reasons"):
        new = openai_finish_reason(reason)
        if new != reason:
            context.applied.add("finish-reasons")
    if called and new == "stop" and context.settings.on("tool-calls-finish"):
        new = "tool_calls"
        context.applied.add("tool-calls-finish")
    if new == reason:
        return choice
    out = {**choice, "finish_reason": new}
    if new is not None:
        out[RAW_FINISH_REASON] = choice.get(RAW_FINISH_REASON, reason)
    return out


def _plain(word: str) -> str:
    """`MAX_TOKENS`, `maxTokens` and `FINISH_REASON_MAX_TOKENS` as `max_tokens`."""
    words = _CAMEL.sub("_", word.strip()).lower().replace("-", "_").replace(" ", "_")
    return words.removeprefix("finish_reason_")
