"""Turn the chunks of a streamed chat answer into those that OpenAI would have sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...._primitives.json_types import is_array, is_object
from ...camel_case import may_have_camel_case, snake_case
from ...notes import NoAnswerError
from ...refusals.no_answers import shown
from ..function_names import with_given_names
from ..tool_calls import CallAdapter, calls_of, made_id
from .choices import is_completion, with_number_created, with_text_content, withheld_choice
from .finish_reasons import openai_finish_reason, with_finish_reason
from .patterns import Pattern, pattern_of, read_object
from .thoughts import Segment, ThoughtSplitter, is_flagged
from .usage import NO_TOKENS, RAW_USAGE, better_usage, openai_usage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .context import AnswerContext

_ENVELOPE = frozenset({"choices", "created", "id", "model", "object", "usage"})
_FROM_DELTA = frozenset({"content", "reasoning_content", "tool_calls", "extra_content"})


class ChunkAdapter:
    """The repairs of one stream. Made for it with the context of its request, used up by it.

    For each event: if it is `alike`, take the chunk of the `pattern` with another text; else
    `adapt` it if `needs` says so; else take it as it is. After the last, `end`.

    `adapt` does all repairs; the others are for speed, and lead to the same chunks.
    """

    def __init__(self, context: AnswerContext) -> None:
        self._context = context
        self._choices: dict[int, _Choice] = {}
        self._first = True
        self._others: list[dict[str, Any]] = []  # events before the first chunk
        self._id: str | None = None  # where the server sends none
        self._seed = context.seed
        self._usage: dict[str, Any] | None = None  # as Google counts, the best so far
        self._last_count: dict[str, Any] = {}  # as it came
        # Whether each chunk before the last has a usage of zeros: one that needs no more, too.
        self.counts = context.include_usage and context.settings.on("usage-chunk")
        self.choices = context.choices
        self._last: dict[str, Any] = {}
        self._all = True  # whether every chunk needs a look; set after each
        self._no_index = False
        self.seeks_pattern = False
        """Whether to find the pattern, which costs more than it saves where nobody asks `alike`."""
        self.pattern: Pattern | None = None
        """What the chunks are like, if they go on so."""

    def alike(self, data: bytes) -> tuple[str, dict[str, Any] | None] | None:
        """The text and the usage of a chunk that fits the pattern; None of others.

        The usage is None, too, where that of the pattern's chunk holds.
        """
        if self.pattern is None or (found := self.pattern.match(data)) is None:
            return None
        text, usage = found
        if usage is None:
            return found
        if self.counts:
            if usage != NO_TOKENS:
                self._keep_usage(usage)
            return text, None
        counted = self._openai_usage(usage)
        return None if counted is None else (text, counted)

    def needs(self, data: bytes) -> bool:
        """Whether a chunk needs `adapt`: a look at its bytes, wrong on the safe side.

        The first chunk always does: it shows what the stream lacks. So does the last.
        """
        if self._all or (
            b'"finish' in data
            or b"thought" in data
            or b'"tool' in data
            or b'"usage"' in data
            or not 0 < data.count(b'"delta":{') >= data.count(b'"index":')
            or b'"content":[' in data
        ):
            return True
        if not self.seeks_pattern:
            return False
        value = read_object(data)
        if value:
            self._follow(value)
        # A look does not find all that `adapt` repairs; the word `thought` in a text lets it.
        if value and not (isinstance(value.get("created"), str) or may_have_camel_case(data)):
            chunk = {**value, "usage": NO_TOKENS} if self.counts else value
            self.pattern = pattern_of(data, value, chunk, is_thought=False)
        return False

    def adapt(self, value: dict[str, Any], data: bytes | None = None) -> list[dict[str, Any]]:
        """One chunk as OpenAI would have sent it: one, several, or none (its usage is kept).

        The input is not touched. Before the first chunk of an answer there may be events of another
        kind, as gateways send; they pass with empty choices. `data` is what `value` was read from;
        it saves work.
        """
        context, as_it_came = self._context, value
        if (data is None or may_have_camel_case(data)) and context.settings.on("camel-case"):
            plain = snake_case(value)
            if plain is not value:
                context.applied.add("camel-case")
                value, data = plain, None
        if self._first and not is_completion(value):
            self._others.append(value)
            value = {**value, "choices": list[Any]()} if value else value
            return [self._uncounted(value) if self.counts else value] if value else []
        value = self._enveloped(with_number_created(value, context))
        counted = self._counted(value)
        kept_usage = self.counts and counted is not value
        value = counted
        choices = value.get("choices")
        if is_array(choices) and choices:
            chunks = list(self._pieces(value, choices))
        elif kept_usage:
            chunks = []  # it comes at the end
        elif (
            value.get("usage") is not None
            or value.keys() - _ENVELOPE
            or not context.settings.on("choices")
        ):
            chunks = [value if is_array(choices) else {**value, "choices": list[Any]()}]
        else:
            chunks = []  # it says nothing, and OpenAI sends none without choices but for the usage
        if self.counts:
            chunks = [chunk if chunk.get("usage") else self._uncounted(chunk) for chunk in chunks]
        self._follow(value)
        is_thought = self._is_thought_or_text()
        self._all = is_thought is not False or self._id is not None
        if self.pattern is not None and self.pattern.is_thought is not is_thought:
            self.pattern = None
        if not self.seeks_pattern:
            return chunks
        if is_thought is not None and data is not None and len(chunks) == 1:
            found = pattern_of(data, as_it_came, chunks[0], is_thought=is_thought)
            self.pattern = found or self.pattern
        return chunks

    def _follow(self, value: dict[str, Any]) -> None:
        """Note the fields of the last chunk. A pattern is one of chunks with the same."""
        last = {key: item for key, item in value.items() if key not in {"choices", "usage"}}
        if last != self._last:
            self._last, self.pattern = last, None

    @property
    def is_counted(self) -> bool:
        """Whether a usage has come that is given at the end."""
        return self._usage is not None

    def end(self) -> list[dict[str, Any]]:
        """What was kept to the end: text that might have been a tag, and the usage.

        Raises `NoAnswerError` where no event was a chunk of an answer.
        """
        out: list[dict[str, Any]] = []
        context = self._context
        if self.only_others and context.settings.on("errors-in-answers"):
            raise NoAnswerError(
                f"The stream has no chunk of a chat answer. It has: {shown(self._others[0])}"
            )
        if is_completion(self._last) and not self._choices and context.settings.on("choices"):
            withheld = {**withheld_choice(context), "delta": {"role": "assistant"}}
            out.append({**self._last, "choices": [withheld]})
        for index, choice in self._choices.items():
            for piece in choice.splitter.end() if context.settings.on("thoughts") else ():
                delta = {"reasoning_content" if piece.is_thought else "content": piece.text}
                out.append({**self._last, "choices": [{"index": index, "delta": delta}]})
            for call in self._ended_calls([], choice):
                called = {"index": index, "delta": {"tool_calls": [call]}}
                out.append({**self._last, "choices": [called]})
            self._remember(choice)
        if self.counts:
            out = [self._uncounted(chunk) for chunk in out]
        if self._usage is not None and (usage := self._openai_usage(self._usage)):
            if RAW_USAGE in usage and RAW_USAGE not in self._usage:
                usage = {**usage, RAW_USAGE: self._last_count}
            out.append({**self._last, "choices": [], "usage": usage})
        self._usage = None
        return out

    @property
    def only_others(self) -> bool:
        """Whether events came, and none of them was a chunk of an answer."""
        return self._first and bool(self._others)

    def again(self) -> ChunkAdapter:
        """The same for the same stream from its beginning."""
        return ChunkAdapter(self._context)

    def _enveloped(self, value: dict[str, Any]) -> dict[str, Any]:
        """`value` with an id; the first chunk shows whether the server sends one."""
        context = self._context
        raw = value.get("id")
        if self._first:
            self._first = False
            self._seed = str(raw or self._seed)
            if not raw and context.settings.on("chunk-ids"):
                self._id = made_id("chatcmpl-", 29, self._seed)
        if self._id is not None and not raw:
            context.applied.add("chunk-ids")
            return {**value, "id": self._id}
        return value

    def _counted(self, value: dict[str, Any]) -> dict[str, Any]:
        """`value` with its usage as OpenAI counts, or without: kept for a chunk of its own."""
        usage = value.get("usage")
        if not is_object(usage) or usage == NO_TOKENS:
            return value
        if not self.counts:
            counted = self._openai_usage(usage)
            return value if counted is usage else {**value, "usage": counted}
        self._keep_usage(usage)
        return {key: item for key, item in value.items() if key != "usage"}

    def _keep_usage(self, usage: dict[str, Any]) -> None:
        known, self._usage = self._usage, better_usage(self._usage, usage)
        if self._usage is not known:
            self._last_count = usage

    def _openai_usage(self, usage: dict[str, Any]) -> dict[str, Any] | None:
        if not self._context.settings.on("usage"):
            return usage
        counted = openai_usage(usage)
        if counted is not usage:
            self._context.applied.add("usage")
        return counted

    def _uncounted(self, chunk: dict[str, Any]) -> dict[str, Any]:
        self._context.applied.add("usage-chunk")
        return {**chunk, "usage": NO_TOKENS}

    def _is_thought_or_text(self) -> bool | None:
        """Whether text is thought from here on, all of it, or all answer; None where it depends."""
        seen = self._choices.values()
        if self._no_index or len(seen) < self._context.choices:
            return None
        if all(choice.splitter.is_past for choice in seen):
            return False
        return True if len(seen) == 1 and all(c.splitter.is_inside for c in seen) else None

    # --- choices ---

    def _pieces(self, value: dict[str, Any], choices: list[Any]) -> Iterator[dict[str, Any]]:
        """The chunks for one: one choice, and of that one kind of content or one call, in each."""
        parts = [part for i, choice in enumerate(choices) for part in self._parts(choice, i)]
        if len(parts) == 1 and parts[0] is choices[0]:
            yield value
            return
        usage = value.get("usage")
        for number, part in enumerate(parts):
            chunk = {**value, "choices": [part]}
            if usage and number < len(parts) - 1:
                del chunk["usage"]
            yield chunk

    def _parts(self, choice: Any, place: int) -> list[Any]:
        context = self._context
        if not is_object(choice):
            return [choice]
        index, delta = choice.get("index"), choice.get("delta")
        if not isinstance(index, int) or not is_object(delta):
            if not isinstance(index, int):
                index, self._no_index = place, True
            delta = delta if is_object(delta) else {}
            if context.settings.on("missing-fields"):
                context.applied.add("missing-fields")
                choice = {**choice, "index": index, "delta": delta}
        state = self._state(index)
        given, delta = delta, with_text_content(delta, context)
        reason = choice.get("finish_reason")
        ends = isinstance(reason, str) and openai_finish_reason(reason) is not None
        deltas = self._deltas(delta, state, ends=ends)
        if ends:
            self._remember(state)
        choice = with_finish_reason(choice, context, called=bool(state.calls))
        if len(deltas) == 1:
            return [choice if deltas[0] == given else {**choice, "delta": deltas[0]}]
        bare = {key: item for key, item in choice.items() if not key.endswith("finish_reason")}
        return [
            *({**bare, "delta": piece} for piece in deltas[:-1]),
            {**choice, "delta": deltas[-1]},
        ]

    def _state(self, index: int) -> _Choice:
        if index not in self._choices:
            self._choices[index] = _Choice(index, self._seed, self._context)
        return self._choices[index]

    def _deltas(self, delta: dict[str, Any], state: _Choice, *, ends: bool) -> list[dict[str, Any]]:
        context = self._context
        texts = self._texts(delta, state, ends=ends)
        calls = self._calls(delta, state, ends=ends)
        if texts is None and (len(calls) < 2 or not context.settings.on("one-call-a-delta")):
            if not calls and calls_of(delta):
                return [{key: item for key, item in delta.items() if key != "tool_calls"}]
            return [{**delta, "tool_calls": calls} if calls else delta]
        base = {key: item for key, item in delta.items() if key not in _FROM_DELTA}
        # What concerns the whole delta is in one piece only: apps add up strings.
        if "extra_content" in delta:
            base["extra_content"] = delta["extra_content"]
        if texts is None:
            texts = []
            base |= {key: delta[key] for key in ("content", "reasoning_content") if key in delta}
        pieces: list[dict[str, Any]] = list(texts)
        if context.settings.on("one-call-a-delta"):
            if len(calls) > 1:
                context.applied.add("one-call-a-delta")
            pieces += [{"tool_calls": [call]} for call in calls]
        elif calls:
            pieces.append({"tool_calls": calls})
        first, *others = pieces or [{}]
        return [{**base, **first}, *others]

    def _texts(
        self, delta: dict[str, Any], state: _Choice, *, ends: bool
    ) -> list[dict[str, str]] | None:
        """The text of a delta, split; None where it is as it should be."""
        context = self._context
        if not context.settings.on("thoughts"):
            return None
        if isinstance(delta.get("reasoning_content"), str):
            state.splitter.skip()
        content = delta.get("content")
        text = content if isinstance(content, str) else ""
        pieces = state.splitter.feed(text, flagged=is_flagged(delta))
        if ends or calls_of(delta):  # no tag goes on behind a tool call
            pieces += state.splitter.end()
        if pieces == ([Segment(is_thought=False, text=text)] if text else []):
            return None
        if not pieces and state.splitter.has_begun:
            pieces = [Segment(is_thought=True, text="")]  # a tag alone
        context.applied.add("thoughts")
        return [
            {"reasoning_content" if piece.is_thought else "content": piece.text} for piece in pieces
        ]

    def _calls(self, delta: dict[str, Any], state: _Choice, *, ends: bool) -> list[Any]:
        context = self._context
        items = with_given_names(calls_of(delta), context)
        if items:
            state.calls = True
            state.call_adapter.next_delta()
        merged: list[Any] = []
        for item in items:
            new = state.call_adapter.adapt(item) if is_object(item) else item
            if new is not None:
                merged.append(new)
        if not context.settings.on("tool-call-deltas"):
            return items
        if merged != items:
            context.applied.add("tool-call-deltas")
        return self._ended_calls(merged, state) if ends else merged

    def _ended_calls(self, items: list[Any], state: _Choice) -> list[Any]:
        on = self._context.settings.on("tool-call-deltas")
        return state.call_adapter.end(items) if on else items

    def _remember(self, state: _Choice) -> None:
        if self._context.memory is None:
            return
        made = state.call_adapter.whole()
        # Each time what the user said is hashed, with all its images: not for the same calls again.
        if made != state.remembered:
            state.remembered = made
            self._context.memory.remember({"tool_calls": made}, self._context.messages)


class _Choice:
    """What is known of one choice of the stream so far."""

    def __init__(self, index: int, seed: str, context: AnswerContext) -> None:
        self.calls = False
        self.remembered: list[dict[str, Any]] = []  # calls that are in the memory
        self.splitter = ThoughtSplitter(context.tag, asked_for=context.thoughts_asked_for)
        if not context.settings.on("thoughts"):
            self.splitter.skip()
        self.call_adapter = CallAdapter(seed, index, context.settings, context.applied)
