"""The rules by which a chat request is answered; no model is asked."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..http.json_values import compact, mapping, sequence, string
from .catalogue import is_thinking_model
from .schema_values import Hints, value_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PREFIX = "[emulator] "
"""The beginning of every text that a rule made, which marks it as not a model's."""

_BEGIN_WITH = re.compile(r'\bbegin with "([^"]+)"', re.IGNORECASE)
_MAX_PARALLEL_CALLS = 8
_TOKENS_THOUGHT = {"none": 0, "minimal": 16, "low": 32, "medium": 64, "high": 128}
_TOKENS_THOUGHT_UNASKED = 64
_TOKENS_FOR_MEDIA = 258  # what Gemini counts for one small image


@dataclass(frozen=True)
class Call:
    """A tool call. Arguments given as text are sent unchanged, even if they are not JSON.

    `None` as `id` or `signature` has one generated; `signature=""` sends none.
    """

    name: str
    arguments: Mapping[str, Any] | str = ""
    id: str | None = None
    signature: str | None = None

    @property
    def arguments_json(self) -> str:
        """The arguments as text, for `function.arguments`."""
        if isinstance(self.arguments, str):
            return self.arguments or "{}"
        return compact(self.arguments)


@dataclass(frozen=True)
class Answer:
    """The content of one answer, before it is written in Gemini's dialect.

    Attributes:
        text: The content; `None` or `""` for an answer without `content`.
        calls: The tool calls.
        thoughts: Shown if the request asks for them with `include_thoughts`.
        finish_reason: `None` for `tool_calls` if there are calls, else `stop`.
        thinking_tokens: `None` for a number that depends on the model and the request.
    """

    text: str | None = None
    calls: Sequence[Call] = ()
    thoughts: str | None = None
    finish_reason: str | None = None
    thinking_tokens: int | None = None


def answer(body: Mapping[str, Any], *, number: int = 0, last_system_only: bool = True) -> Answer:
    """The rule's answer to a chat request; `number` counts the choices when `n` asks for more.

    Tools are called when the last message is the user's; what tools returned is quoted; a
    `response_format` is filled from its schema; any other text is quoted back. It begins with what
    a system message says with `begin with "…"`: the last one, or each of them.
    """
    messages = [mapping(message) for message in sequence(body.get("messages"))]
    last = messages[-1] if messages else {}
    if last.get("role") == "user" and (calls := tool_calls(body, text_of(last))):
        return Answer(calls=calls, thoughts=_thoughts(body, "Which tools does this need?"))
    text = _json_answer(body, messages)
    if text is None:
        text = PREFIX + _beginning(messages, last_only=last_system_only)
        text += _quoted_results(messages) or _echo(messages)
        if number:
            text += f" (choice {number})"
    return Answer(text=_stopped(body, text), thoughts=_thoughts(body, "What was said?"))


# --- text ---


def text_of(message: Mapping[str, Any]) -> str:
    """The text of a message, its text parts joined by a space."""
    content = message.get("content")
    if isinstance(content, str):
        return content
    parts = [mapping(part) for part in sequence(content)]
    return " ".join(string(part.get("text")) for part in parts if part.get("type") == "text")


def last_user_text(messages: Sequence[Mapping[str, Any]]) -> str:
    """The text of the last message from the user."""
    return next((text_of(m) for m in reversed(messages) if m.get("role") == "user"), "")


def _beginning(messages: Sequence[Mapping[str, Any]], *, last_only: bool) -> str:
    texts = [text_of(m) for m in messages if string(m.get("role")) in {"system", "developer"}]
    obeyed = texts[-1:] if last_only else texts
    return "".join(f"{word} " for text in obeyed for word in _BEGIN_WITH.findall(text))


def _echo(messages: Sequence[Mapping[str, Any]]) -> str:
    said = last_user_text(messages)
    user = next((m for m in reversed(messages) if m.get("role") == "user"), None)
    parts = map(mapping, sequence(user.get("content"))) if user else ()
    media = [string(part.get("type")) for part in parts if part.get("type") != "text"]
    with_media = f" (with {', '.join(media)})" if media else ""
    return f"You said: {said}{with_media}"


def _quoted_results(messages: Sequence[Mapping[str, Any]]) -> str:
    names: dict[str, str] = {}
    results: list[str] = []
    for message in messages:
        for call in map(mapping, sequence(message.get("tool_calls"))):
            names[string(call.get("id"))] = string(mapping(call.get("function")).get("name"))
        if string(message.get("role")) in {"tool", "function"}:
            name = message.get("name") or names.get(string(message.get("tool_call_id")), "")
            results.append(f"{name} returned: {text_of(message)}")
        elif message.get("role") == "user":
            results = []
    last = string(messages[-1].get("role"))
    return "; ".join(results) if last in {"tool", "function"} else ""


def _json_answer(body: Mapping[str, Any], messages: Sequence[Mapping[str, Any]]) -> str | None:
    format_ = mapping(body.get("response_format"))
    said = last_user_text(messages)
    if format_.get("type") == "json_object":
        return json.dumps({"answer": f"{PREFIX}You said: {said}"}, indent=2, ensure_ascii=False)
    if format_.get("type") != "json_schema":
        return None
    schema = mapping(format_.get("json_schema")).get("schema")
    value = value_for(mapping(schema), Hints.of(said))
    return json.dumps(value, indent=2, ensure_ascii=False)


def _stopped(body: Mapping[str, Any], text: str) -> str:
    stop = body.get("stop")
    for word in [stop] if isinstance(stop, str) else sequence(stop):
        if isinstance(word, str) and word:
            text = text.split(word, 1)[0]
    return text


def _thoughts(body: Mapping[str, Any], question: str) -> str | None:
    if not thinking_config(body).get("include_thoughts"):
        return None
    return f"**Reading the request**\n\n{question} The emulator follows a rule; no model thinks.\n"


# --- tools ---


def tool_calls(body: Mapping[str, Any], said: str) -> list[Call]:
    """Choose the calls for what the user said; none without tools or with `tool_choice: none`.

    A tool is chosen if a word of its name is in the text, otherwise the first one is; "and" and
    "both" call several, or one for each capitalised word, unless `parallel_tool_calls` is false.
    """
    functions = [mapping(mapping(tool).get("function")) for tool in sequence(body.get("tools"))]
    choice = body.get("tool_choice", "auto")
    if not functions or choice == "none":
        return []
    forced = string(mapping(mapping(choice).get("function")).get("name"))
    if forced:
        functions = [function for function in functions if function.get("name") == forced]
    mentioned = [function for function in functions if _is_mentioned(function, said)]
    several = body.get("parallel_tool_calls") is not False and bool(
        re.search(r"\b(and|both)\b", said, re.IGNORECASE)
    )
    if not several:
        return [_call(function, Hints.of(said)) for function in (mentioned or functions)[:1]]
    chosen = mentioned or functions
    if len(chosen) == 1:
        return [_call(chosen[0], hints) for hints in _one_by_one(said)]
    return [_call(function, Hints.of(said)) for function in chosen[:_MAX_PARALLEL_CALLS]]


def _call(function: Mapping[str, Any], hints: Hints) -> Call:
    parameters = mapping(function.get("parameters"))
    arguments = value_for({"type": "object", **parameters}, hints)
    return Call(string(function.get("name")), mapping(arguments))


def _is_mentioned(function: Mapping[str, Any], said: str) -> bool:
    words = re.split(r"[^a-z0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", _name(function)).lower())
    spoken = set(re.findall(r"[a-z0-9]+", said.lower()))
    # Three letters: `get`, `set` and `run` are in the names of all tools of a kind.
    return any(word in spoken for word in words if len(word) > 3)


def _name(function: Mapping[str, Any]) -> str:
    return string(function.get("name"))


def _one_by_one(said: str) -> list[Hints]:
    hints = Hints.of(said)
    if len(hints.names) < 2:
        return [hints]
    return [hints.about(name) for name in hints.names[:_MAX_PARALLEL_CALLS]]


# --- counting ---


def tokens(text: str) -> int:
    """The emulator's token count: a token for every four characters, rounded up."""
    return (len(text) + 3) // 4


def prompt_tokens(body: Mapping[str, Any]) -> int:
    """The token count of a request: its texts, tool calls and tools; 258 for every other part."""
    count = sum(tokens(compact(tool)) for tool in sequence(body.get("tools")))
    for message in map(mapping, sequence(body.get("messages"))):
        count += tokens(text_of(message))
        count += sum(tokens(compact(call)) for call in sequence(message.get("tool_calls")))
        parts = [mapping(part) for part in sequence(message.get("content"))]
        count += _TOKENS_FOR_MEDIA * sum(part.get("type") != "text" for part in parts)
    return count


def thinking_tokens(body: Mapping[str, Any]) -> int:
    """The number of thinking tokens, from the effort, the budget or the model."""
    effort = body.get("reasoning_effort")
    if isinstance(effort, str):
        return _TOKENS_THOUGHT.get(effort, _TOKENS_THOUGHT_UNASKED)
    config = thinking_config(body)
    budget = config.get("thinking_budget")
    if isinstance(budget, int) and budget >= 0:
        return min(budget, _TOKENS_THOUGHT["high"])
    level = string(config.get("thinking_level")).lower()
    if level in _TOKENS_THOUGHT:
        return _TOKENS_THOUGHT[level]
    return (
        _TOKENS_THOUGHT_UNASKED
        if is_thinking_model(string(body.get("model"))) or budget == -1
        else 0
    )


def thinking_config(body: Mapping[str, Any]) -> dict[str, Any]:
    """`extra_body.google.thinking_config`, its names in snake case."""
    google = google_options(body)
    config = mapping(google.get("thinking_config", google.get("thinkingConfig")))
    return {snake_case(name): value for name, value in config.items()}


def google_options(body: Mapping[str, Any]) -> dict[str, Any]:
    """`extra_body.google`, its names as they were sent."""
    return mapping(mapping(body.get("extra_body")).get("google"))


@lru_cache(maxsize=1024)
def snake_case(name: str) -> str:
    """`maxTokens` as `max_tokens`: the server's parser takes a field under both names."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
