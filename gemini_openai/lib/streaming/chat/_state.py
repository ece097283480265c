"""Assemble chunks into an answer, and report as events what each chunk added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, cast

import pydantic

from ...._primitives.given import is_given, omit
from ....dialect import DEFAULT_SETTINGS
from ....types.chat.chat_completion import ChoiceLogprobs
from ....types.chat.chat_completion_chunk import ChoiceDelta
from ..._parsing import ResponseFormatT, parse_chat_completion
from ..._parsing._completions import (
    has_rich_response_format,
    is_parseable_tool,
    refuse_unfinished,
)
from ._accumulate import ChoiceSoFar
from ._choice_events import ChoiceEvents
from ._events import ChunkEvent
from ._types import ParsedChatCompletionSnapshot, ParsedChoiceSnapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...._primitives.given import Omit
    from ....dialect import Settings
    from ....types.chat.chat_completion_chunk import ChatCompletionChunk, Choice
    from ....types.chat.chat_completion_tool_param import ChatCompletionToolUnionParam
    from ....types.chat.completion_create_params import ResponseFormat as ResponseFormatParam
    from ....types.chat.parsed_chat_completion import ParsedChatCompletion
    from ._events import ChatCompletionStreamEvent

_FIRST_HOLDS = frozenset({"id", "created", "model"})
_OF_CHUNKS_ONLY = frozenset({"choices", "object", "obfuscation"})


class ChatCompletionStreamState(Generic[ResponseFormatT]):
    """The chunks so far, put together; it does no I/O and takes chunks from any source.

    The cost of a chunk does not depend on how many came before it: texts are joined and JSON is
    parsed when a field is read, and once at the end.

    Args:
        input_tools: the `tools` of the request, for the arguments of their calls.
        response_format: the type that the text is to be read as.
        settings: whether JSON is looked for in text that is not all JSON.
    """

    def __init__(
        self,
        *,
        input_tools: Iterable[ChatCompletionToolUnionParam] | Omit = omit,
        response_format: type[ResponseFormatT] | ResponseFormatParam | Omit = omit,
        settings: Settings = DEFAULT_SETTINGS,
    ) -> None:
        self._input_tools = list(input_tools) if is_given(input_tools) else []
        self._response_format = response_format
        self._settings = settings
        self._may_parse = has_rich_response_format(response_format) or any(
            map(is_parseable_tool, self._input_tools)
        )
        self._fields: dict[str, Any] = {}
        self._choices: dict[int, ChoiceEvents[ResponseFormatT]] = {}
        self._snapshot: ParsedChatCompletionSnapshot | None = None

    def handle_chunk(
        self, chunk: ChatCompletionChunk
    ) -> list[ChatCompletionStreamEvent[ResponseFormatT]]:
        """Add a chunk, and return the events of what it added.

        Raises:
            LengthFinishReasonError: the answer ends here, at its token limit, and cannot be parsed.
            ContentFilterFinishReasonError: it was stopped by a content filter.
            pydantic.ValidationError: it is complete and does not fit the type it was to be.
        """
        self._snapshot = None
        self._take_fields(chunk)
        events: list[ChatCompletionStreamEvent[ResponseFormatT]] = [
            ChunkEvent.of({"snapshot": self._look}, chunk=chunk)
        ]
        for choice in chunk.choices or ():
            events += self._handle_choice(choice)
        return events

    @property
    def current_completion_snapshot(self) -> ParsedChatCompletionSnapshot:
        """The answer as far as it has come.

        `parsed` and `parsed_arguments` in it are plain JSON, as far as it goes; `finish_reason` is
        None until there is one. Raises `AssertionError`, as in `openai`, before the first chunk.
        """
        if not self._fields:
            raise AssertionError("There is no answer yet: no chunk has come.")
        return self._look()

    def get_final_completion(self) -> ParsedChatCompletion[ResponseFormatT]:
        """The whole answer, parsed; call it after the last chunk. Raises what `parse` raises."""
        return parse_chat_completion(
            response_format=self._response_format,
            input_tools=self._input_tools,
            chat_completion=self.current_completion_snapshot,
            settings=self._settings,
        )

    def _handle_choice(
        self, choice: Choice
    ) -> Iterator[ChatCompletionStreamEvent[ResponseFormatT]]:
        if not isinstance(cast("object", choice.delta), pydantic.BaseModel):
            choice = choice.model_copy(update={"delta": ChoiceDelta()})
        index = choice.index or 0
        if index not in self._choices:
            self._choices[index] = ChoiceEvents(
                ChoiceSoFar(index), self._response_format, self._input_tools, self._settings
            )
        events = self._choices[index]
        calls = events.so_far.add(choice)
        if choice.finish_reason and self._may_parse:
            refuse_unfinished(choice.finish_reason, self._look)
        yield from events.deltas(choice, calls)
        yield from events.dones(choice, calls)

    def _take_fields(self, chunk: ChatCompletionChunk) -> None:
        fields = self._fields
        for name, value in chunk:
            if value is None or name in _OF_CHUNKS_ONLY:
                continue
            if name == "usage" and chunk.choices and getattr(value, "total_tokens", None) == 0:
                continue  # the count comes with the last chunk, if any
            if name not in _FIRST_HOLDS or not fields.get(name):
                fields[name] = value

    def _look(self) -> ParsedChatCompletionSnapshot:
        if self._snapshot is None:
            choices = [_choice(self._choices[index]) for index in sorted(self._choices)]
            self._snapshot = ParsedChatCompletionSnapshot.model_construct(
                **self._fields, object="chat.completion", choices=choices
            )
        return self._snapshot


def _choice(events: ChoiceEvents[Any]) -> ParsedChoiceSnapshot:
    so_far = events.so_far
    fields: dict[str, Any] = {
        **so_far.extra,
        "finish_reason": so_far.finish_reason,
        "index": so_far.index,
        "message": events.message(),
    }
    if so_far.logprobs:
        tokens: dict[str, Any] = {part: list(known) for part, known in so_far.logprobs.items()}
        fields["logprobs"] = ChoiceLogprobs.model_construct(**tokens)
    return ParsedChoiceSnapshot.model_construct(**fields)
