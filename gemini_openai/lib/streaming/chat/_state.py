"""The chunks of an answer to events, to the answer so far, and to the whole answer, parsed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Generic, cast

import pydantic

from ...._call.decode import fit
from ...._primitives.given import is_given, omit
from ....dialect import DEFAULT_SETTINGS
from ....types.chat.chat_completion import ChoiceLogprobs
from ....types.chat.chat_completion_chunk import ChoiceDelta
from ..._parsing import ResponseFormatT, has_parseable_input, parse_chat_completion
from ..._parsing._completions import has_rich_response_format, refuse_unfinished
from ._accumulate import ChoiceSoFar, plain
from ._choice_events import ChoiceEvents, is_parseable_call, partial_json
from ._events import ChunkEvent
from ._types import (
    ParsedChatCompletionMessageSnapshot,
    ParsedChatCompletionSnapshot,
    ParsedChoiceSnapshot,
)

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
    """The chunks so far, put together; it does no I/O and takes chunks from anywhere.

    What a chunk costs does not depend on how many came before it: texts are joined and JSON is
    parsed when somebody looks, and once at the end.

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
        self._has_type = has_rich_response_format(response_format)
        self._may_parse = has_parseable_input(
            response_format=response_format, input_tools=self._input_tools
        )
        self._fields: dict[str, Any] = {}
        self._choices: dict[int, ChoiceSoFar] = {}
        self._events: dict[int, ChoiceEvents[ResponseFormatT]] = {}
        self._snapshot: ParsedChatCompletionSnapshot | None = None

    def handle_chunk(
        self, chunk: ChatCompletionChunk
    ) -> list[ChatCompletionStreamEvent[ResponseFormatT]]:
        """Take in a chunk, and tell what is new with it.

        Raises:
            LengthFinishReasonError: the answer ends here, at its token limit, and cannot be parsed.
            ContentFilterFinishReasonError: it was stopped by a content filter.
            pydantic.ValidationError: it is complete and does not fit the type it was to be.
        """
        self._snapshot = None
        self._take_fields(chunk)
        events: list[ChatCompletionStreamEvent[ResponseFormatT]] = [
            ChunkEvent.of({"snapshot": self._look}, type="chunk", chunk=chunk)
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
            so_far = self._choices[index] = ChoiceSoFar(index)
            self._events[index] = ChoiceEvents(
                so_far, self._response_format, self._input_tools, self._settings
            )
        so_far, events = self._choices[index], self._events[index]
        calls = so_far.add(choice)
        if choice.finish_reason and self._may_parse:
            refuse_unfinished(choice.finish_reason, self._look)
        yield from events.deltas(choice, calls)
        yield from events.dones(choice, calls, partial(self._message, so_far))

    def _take_fields(self, chunk: ChatCompletionChunk) -> None:
        fields = self._fields
        for name, value in chunk:
            if value is None or name in _OF_CHUNKS_ONLY:
                continue
            if name not in _FIRST_HOLDS or not fields.get(name):
                fields[name] = value

    def _look(self) -> ParsedChatCompletionSnapshot:
        if self._snapshot is None:
            choices = [self._choice(self._choices[index]) for index in sorted(self._choices)]
            fields = {**self._fields, "object": "chat.completion", "choices": choices}
            self._snapshot = _made(ParsedChatCompletionSnapshot, fields)
        return cast("ParsedChatCompletionSnapshot", self._snapshot)

    def _choice(self, so_far: ChoiceSoFar) -> ParsedChoiceSnapshot:
        fields = {
            **so_far.extra,
            "finish_reason": so_far.finish_reason,
            "index": so_far.index,
            "message": self._message(so_far),
        }
        if so_far.logprobs:
            tokens = {part: list(known) for part, known in so_far.logprobs.items()}
            fields["logprobs"] = _made(ChoiceLogprobs, tokens)
        made: ParsedChoiceSnapshot = _made(ParsedChoiceSnapshot, fields)
        return made

    def _message(self, so_far: ChoiceSoFar) -> ParsedChatCompletionMessageSnapshot:
        fields: dict[str, Any] = plain(so_far.message)
        if calls := plain(so_far.tool_calls):
            fields["tool_calls"] = calls
        message: ParsedChatCompletionMessageSnapshot
        message = fit(fields, ParsedChatCompletionMessageSnapshot)
        if self._has_type and message.content and not message.refusal:
            message.parsed = partial_json(message.content)
        for call in message.tool_calls or ():
            if is_parseable_call(call.function.name, self._input_tools):
                call.function.parsed_arguments = partial_json(call.function.arguments)
        return message


def _made(cls: Any, fields: dict[str, Any]) -> Any:
    """A result of which nothing is validated: its parts were."""
    return cls.model_construct(_fields_set=set(fields), **fields)
