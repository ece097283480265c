"""Write answers as the JSON of Gemini's chat route, whole or in chunks."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ...dialect.model_table import facts_of
from ..http.json_values import mapping, string
from . import answer as rule
from .answer import Answer, Call
from .catalogue import bare, generation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .quirks import Quirks

THOUGHT, THOUGHT_END = "<thought>", "</thought>"
_PIECE = 160  # characters in a chunk: Gemini sends few and large ones


@dataclass(frozen=True)
class Stamp:
    """The response id, 22 characters of URL-safe base64, and the time in seconds."""

    id: str
    created: int

    @classmethod
    def make(cls, seed: str, created: int) -> Stamp:
        """The stamp for a request; the same seed gives the same id."""
        return cls(base64.urlsafe_b64encode(_digest(seed)[:16]).decode().rstrip("="), created)


@dataclass(frozen=True)
class _Choice:
    index: int
    text: str
    thoughts: str
    finish_reason: str
    calls: Sequence[dict[str, Any]]
    signature: str  # of the message


@dataclass(frozen=True)
class ChatWire:
    """A request with its answers, one for each choice, to be written whole or in chunks."""

    body: Mapping[str, Any]
    answers: Sequence[Answer]
    quirks: Quirks
    stamp: Stamp

    # --- what Vertex does differently ---

    @property
    def _thought_tags(self) -> tuple[str, str]:
        return THOUGHT, THOUGHT_END

    @property
    def _thought_flag(self) -> dict[str, Any]:
        return {"thought": True}

    # --- whole ---

    def completion(self) -> dict[str, Any]:
        """The `chat.completion` object; keys are to be sent in alphabetical order."""
        choices = [self._whole(choice) for choice in self._choices()]
        return self._envelope(
            "chat.completion", None if self.quirks.choices_null else choices, self._usage()
        )

    def _whole(self, choice: _Choice) -> dict[str, Any]:
        out: dict[str, Any] = {"finish_reason": choice.finish_reason, "index": choice.index}
        if choice.finish_reason.startswith("content_filter:") and not choice.text:
            return out  # no `message` at all
        message: dict[str, Any] = {"role": "assistant"}
        if choice.finish_reason.startswith("function_call_filter:"):
            message["content"] = None
        content = choice.text
        if choice.thoughts and self.quirks.thoughts_in_content:
            opening, closing = self._thought_tags
            end = "" if self.quirks.thought_left_open else closing
            content = opening + choice.thoughts + end + content
        elif choice.thoughts:
            message["reasoning_content"] = choice.thoughts
        if content:
            message["content"] = self._content(content)
        if choice.calls:
            message["tool_calls"] = [item for c in choice.calls for item in self._repeated([c])]
        message.update(self._signed(choice, thought=bool(choice.thoughts)))
        return {**out, "message": message}

    def _signed(self, choice: _Choice, *, thought: bool) -> dict[str, Any]:
        google: dict[str, Any] = {}
        if thought and self.quirks.thoughts_in_content:
            google.update(self._thought_flag)
        if choice.signature:
            google["thought_signature"] = choice.signature
        if choice.signature and self.quirks.signature_on_message:
            google["thought"] = True
            return {
                "extra_content": {"google": google},
                "thought_signature": choice.signature,
            }
        return {"extra_content": {"google": google}} if google else {}

    # --- in chunks ---

    def chunks(self) -> list[dict[str, Any]]:
        """The `chat.completion.chunk` objects of the stream."""
        usage = self._usage() if self._usage_wanted else None
        if self.quirks.choices_null:
            return [self._chunk(None, usage)]
        parts = [part for choice in self._choices() for part in self._parts(choice)]
        if not self.quirks.usage_in_every_chunk:
            last = [self._chunk([], usage)] if usage and not self.quirks.usage_missing else []
            return [*(self._chunk([part], None) for part in parts), *last]
        running = [self._interim(usage)] * (len(parts) - 1) + [usage]
        return [self._chunk([part], usage) for part, usage in zip(parts, running, strict=True)]

    @property
    def _usage_wanted(self) -> bool:
        return bool(mapping(self.body.get("stream_options")).get("include_usage"))

    def _parts(self, choice: _Choice) -> Iterator[dict[str, Any]]:
        """The `choices` items of one choice, `finish_reason` in the last one only."""
        deltas = [*self._deltas(choice)]
        for at, delta in enumerate(deltas):
            if at == 0 or self.quirks.role_in_every_delta:
                delta = {**delta, "role": "assistant"}  # noqa: PLW2901
            if delta.get("content"):
                delta = {**delta, "content": self._content(delta["content"])}  # noqa: PLW2901
            part: dict[str, Any] = {"delta": delta, "index": choice.index}
            if self.quirks.empty_finish_reasons:
                part["finish_reason"] = ""
            if at == len(deltas) - 1:
                part.update(self._finish(choice))
            yield part

    def _finish(self, choice: _Choice) -> dict[str, Any]:
        reason = choice.finish_reason
        if reason == "tool_calls" and self.quirks.stop_after_tool_calls:
            reason = "stop"
        if self.quirks.finish_reason_camel_case:
            return {"finish_reason": None, "finishReason": reason}
        return {"finish_reason": reason}

    def _deltas(self, choice: _Choice) -> Iterator[dict[str, Any]]:
        in_content = self.quirks.thoughts_in_content
        opening, end = self._thought_tags if in_content else ("", "")
        flag = {"extra_content": {"google": self._thought_flag}} if self._thought_flag else {}
        for piece in _pieces(choice.thoughts):
            yield (
                {"content": opening + piece, **flag} if in_content else {"reasoning_content": piece}
            )
            opening = ""
        closing = end if choice.thoughts else ""
        if self.quirks.thought_left_open:
            closing = ""
        for piece in _pieces(choice.text):
            yield {"content": closing + piece}
            closing = ""
        for delta in self._call_deltas(choice.calls):
            yield {**delta, "content": closing} if closing else delta
            closing = ""
        signed = self._signed(choice, thought=False)
        ends_alone = generation(string(self.body.get("model"))) >= 3 and choice.calls
        if signed:
            yield {"content": "", **signed}
        elif ends_alone or not (choice.text or choice.calls):
            yield {"content": closing} if closing else {}

    def _call_deltas(self, calls: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        groups = [
            self._repeated(self._fragments(at, call, len(calls))) for at, call in enumerate(calls)
        ]
        if all(len(group) == 1 for group in groups) and not (
            self.quirks.parallel_calls_in_own_chunks
        ):
            if groups:
                yield {"tool_calls": [item for group in groups for item in group]}
            return
        for group in groups:
            for item in group:
                yield {"tool_calls": [item]}

    def _fragments(self, at: int, call: dict[str, Any], count: int) -> list[dict[str, Any]]:
        """One tool call as the items it is sent in: one, or an opening and its continuations."""
        quirks = self.quirks
        function: dict[str, str] = call["function"]
        arguments = function["arguments"]
        swapped = quirks.tool_call_index_swapped
        parts = [arguments]
        if quirks.arguments_in_fragments or quirks.name_in_every_fragment or swapped:
            third = len(arguments) // 3 + 1
            cut = [arguments[i : i + third] for i in range(0, len(arguments), third)]
            parts = cut if len(cut) > 1 else [arguments, ""]
        if quirks.signature_in_own_delta and "extra_content" in call:
            parts = ["", *parts]
        items: list[dict[str, Any]] = []
        for number, part in enumerate(parts):
            if number == 0:
                item = {**call, "function": {**function, "arguments": part}}
            else:
                name = {"name": function["name"]} if quirks.name_in_every_fragment else {}
                more = {"arguments": part, **name}
                item = {"function": more, "id": call["id"], "type": "function"}
            index = count - 1 - at if swapped and number == 0 else at
            items.append(self._indexed(item, index))
        return items

    def _indexed(self, item: dict[str, Any], index: int) -> dict[str, Any]:
        quirks = self.quirks
        if quirks.tool_call_index_swapped:
            return {**item, "index": index}
        if quirks.tool_call_index_zero:
            return {**item, "index": 0}
        if quirks.tool_call_index_null:
            return {**item, "index": None}
        return item if quirks.tool_call_index_missing else {**item, "index": index}

    def _chunk(
        self, choices: list[dict[str, Any]] | None, usage: dict[str, Any] | None
    ) -> dict[str, Any]:
        chunk = self._envelope("chat.completion.chunk", choices, usage)
        if self.quirks.chunk_ids_missing:
            del chunk["id"]
        return chunk

    # --- both ---

    def _content(self, text: str) -> object:
        return [{"text": text, "type": "text"}] if self.quirks.content_in_parts else text

    def _repeated(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The items of one call; a call in one item comes twice, if calls are repeated."""
        if len(items) > 1 or not self.quirks.calls_repeated:
            return items
        return [*items, {k: v for k, v in items[0].items() if k != "extra_content"}]

    def _envelope(
        self, kind: str, choices: list[dict[str, Any]] | None, usage: dict[str, Any] | None
    ) -> dict[str, Any]:
        out: dict[str, Any] = {
            "choices": choices,
            "created": self.stamp.created,
            "id": self.stamp.id,
            "model": bare(string(self.body.get("model"))),
            "object": kind,
        }
        if usage is not None and not self.quirks.usage_missing:
            out["usage"] = usage
        return out

    def _choices(self) -> list[_Choice]:
        return [self._choice(at, answer) for at, answer in enumerate(self._limited)]

    def _choice(self, at: int, answer: Answer) -> _Choice:
        shown = rule.thinking_config(self.body).get("include_thoughts")
        signing = generation(string(self.body.get("model"))) >= 3
        on_message = self.quirks.signature_on_message
        signature = _signature(self.stamp.id, at)
        calls = [
            self._call(call, f"{at}.{number}", signed=signing and not on_message and number == 0)
            for number, call in enumerate(answer.calls)
        ]
        message_signed = on_message or (signing and not calls and bool(answer.text))
        return _Choice(
            index=at,
            text=answer.text or "",
            thoughts=(answer.thoughts or "") if shown else "",
            finish_reason=answer.finish_reason or ("tool_calls" if calls else "stop"),
            calls=calls,
            signature=signature if message_signed else "",
        )

    def _call(self, call: Call, place: str, *, signed: bool) -> dict[str, Any]:
        made_up = int.from_bytes(_digest(self.stamp.id + place)[:8], "big")
        id_ = f"function-call-{made_up}" if call.id is None else call.id
        out: dict[str, Any] = {
            "function": {"arguments": self._arguments(call), "name": call.name},
            "id": "" if self.quirks.empty_tool_call_ids else id_,
            "type": "function",
        }
        signature = call.signature
        if signature is None and signed:
            signature = _signature(self.stamp.id, place)
        if signature:
            out["extra_content"] = {"google": {"thought_signature": signature}}
        return out

    def _arguments(self, call: Call) -> str:
        text = call.arguments_json
        return "" if text == "{}" and self.quirks.empty_arguments else text

    @cached_property
    def _limited(self) -> list[Answer]:
        """The answers after the quirks that replace them, and after `max_tokens`."""
        if self.quirks.prompt_blocked:
            return [Answer(finish_reason="content_filter: PROHIBITED_CONTENT", thinking_tokens=0)]
        if self.quirks.malformed_function_call and self.body.get("tools"):
            return [Answer(finish_reason="function_call_filter: MALFORMED_FUNCTION_CALL")]
        kind = string(mapping(self.body.get("response_format")).get("type"))
        fenced = self.quirks.json_fenced and kind in {"json_object", "json_schema"}
        return [
            self._cut(replace(a, text=f"```json\n{a.text}\n```") if fenced and a.text else a)
            for a in self.answers
        ]

    def _cut(self, answer: Answer) -> Answer:
        limit = self._limit
        if limit is None:
            return answer
        if self.quirks.thinking_eats_max_tokens:
            limit -= self._thinking(answer)
            if limit <= 0:
                return replace(answer, text=None, calls=(), finish_reason="length")
        text = answer.text or ""
        if rule.tokens(text) <= limit:
            return answer
        return replace(answer, text=text[: 4 * limit], finish_reason="length")

    @cached_property
    def _limit(self) -> int | None:
        """The most tokens an answer may have: what was asked for, or what a model gives at once."""
        limits = [self.body.get(name) for name in ("max_completion_tokens", "max_tokens")]
        if not self.body.get("stream"):
            limits.append(facts_of(string(self.body.get("model"))).output_tokens_at_once)
        return min((limit for limit in limits if isinstance(limit, int)), default=None)

    def _thinking(self, answer: Answer) -> int:
        spent = answer.thinking_tokens
        if spent is None:
            spent = rule.thinking_tokens(self.body)
        if self._limit is None or not self.quirks.thinking_eats_max_tokens:
            return spent
        return min(spent, self._limit)

    def _usage(self) -> dict[str, Any]:
        said = self._limited
        prompt = rule.prompt_tokens(self.body)
        completion = sum(
            rule.tokens(answer.text or "")
            + sum(rule.tokens(call.name + call.arguments_json) for call in answer.calls)
            for answer in said
        )
        thinking = sum(self._thinking(answer) for answer in said)
        usage: dict[str, Any] = {
            "completion_tokens": completion,
            "prompt_tokens": prompt,
            "total_tokens": prompt + completion + thinking,
        }
        if thinking and not self.quirks.thinking_in_total_only:
            usage["completion_tokens"] += thinking
            usage["completion_tokens_details"] = {"reasoning_tokens": thinking}
        if "cached_content" in rule.google_options(self.body):
            usage["prompt_tokens_details"] = {"cached_tokens": prompt}
        return usage

    @staticmethod
    def _interim(usage: dict[str, Any] | None) -> dict[str, Any] | None:
        if usage is None:
            return None
        # Recorded streams count one prompt token more until the last chunk.
        prompt = usage["prompt_tokens"] + 1
        return {"completion_tokens": 0, "prompt_tokens": prompt, "total_tokens": prompt}


def _pieces(text: str) -> list[str]:
    """The first word, then what follows in large pieces; short texts whole."""
    first = re.match(r"\S+(?=\s)", text)
    if not first or len(text) <= 16:
        return [text] if text else []
    rest = text[first.end() :]
    return [first.group(), *(rest[i : i + _PIECE] for i in range(0, len(rest), _PIECE))]


def _digest(seed: str) -> bytes:
    return hashlib.sha256(seed.encode()).digest()


def _signature(id_: str, place: object) -> str:
    made = _digest(f"{id_}/{place}")
    return base64.b64encode(made + hashlib.sha256(made).digest()).decode()


def is_signature(text: str) -> bool:
    """Whether an emulator made this thought signature."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        return False
    return len(raw) == 64 and hashlib.sha256(raw[:32]).digest() == raw[32:]
