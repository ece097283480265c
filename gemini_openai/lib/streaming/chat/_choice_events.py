"""Derive the events of a choice from its deltas."""

from __future__ import annotations

from functools import partial
from operator import getitem
from typing import TYPE_CHECKING, Any, Generic

from pydantic_core import from_json

from ...._call.decode import fit
from ....types.chat.parsed_chat_completion import ParsedFunction
from ..._parsing import (
    ResponseFormatT,
    get_input_tool_by_name,
    maybe_parse_content,
    parse_function_tool_arguments,
)
from ..._parsing._completions import has_rich_response_format, is_parseable_tool
from ._accumulate import ChoiceSoFar, plain
from ._events import (
    ContentDeltaEvent,
    ContentDoneEvent,
    FunctionToolCallArgumentsDeltaEvent,
    FunctionToolCallArgumentsDoneEvent,
    LogprobsContentDeltaEvent,
    LogprobsContentDoneEvent,
    LogprobsRefusalDeltaEvent,
    LogprobsRefusalDoneEvent,
    RefusalDeltaEvent,
    RefusalDoneEvent,
)
from ._types import ParsedChatCompletionMessageSnapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from ....dialect import Settings
    from ....types.chat.chat_completion_chunk import Choice
    from ....types.chat.chat_completion_tool_param import ChatCompletionToolUnionParam
    from ._events import ChatCompletionStreamEvent

    Call: TypeAlias = dict[str, Any]
    Events: TypeAlias = Iterator[ChatCompletionStreamEvent[ResponseFormatT]]


_LOGPROBS: tuple[tuple[str, Any, Any], ...] = (
    ("content", LogprobsContentDeltaEvent, LogprobsContentDoneEvent),
    ("refusal", LogprobsRefusalDeltaEvent, LogprobsRefusalDoneEvent),
)


class ChoiceEvents(Generic[ResponseFormatT]):
    """The events of one choice; it remembers which parts it reported as done.

    The order is that of openai: first what was added, then what is done. Text is done when a tool
    call begins or the choice ends, a tool call when another begins or the choice ends, and each
    only once. A call whose arguments are incomplete when another begins is done at the end.
    """

    def __init__(
        self,
        so_far: ChoiceSoFar,
        response_format: Any,
        tools: list[ChatCompletionToolUnionParam],
        settings: Settings,
    ) -> None:
        self.so_far = so_far
        self._response_format = response_format
        self._has_type = has_rich_response_format(response_format)
        self._tools = tools
        self._settings = settings
        self._done: set[object] = set()
        self._open_call: Call | None = None

    def message(self) -> ParsedChatCompletionMessageSnapshot:
        """The message so far, its JSON parsed as far as it goes."""
        fields: dict[str, Any] = plain(self.so_far.message)
        if calls := plain(self.so_far.tool_calls):
            fields["tool_calls"] = calls
        message: ParsedChatCompletionMessageSnapshot
        message = fit(fields, ParsedChatCompletionMessageSnapshot)
        if self._has_type and message.content and not message.refusal:
            message.parsed = partial_json(message.content)
        for call in message.tool_calls or ():
            if is_parseable_call(call.function.name, self._tools):
                call.function.parsed_arguments = partial_json(call.function.arguments)
        return message

    def deltas(self, choice: Choice, calls: list[Call]) -> Events[ResponseFormatT]:
        """What was added; `calls` are those that the tool calls of the delta belong to."""
        so_far, delta = self.so_far, choice.delta
        refusal = so_far.text("refusal")
        if delta.content is not None and (content := so_far.text("content")):
            text = partial(content.upto, content.length)
            json = _json_of(text, self._has_type and not refusal)
            yield ContentDeltaEvent.of({"snapshot": text, "parsed": json}, delta=delta.content)
        if delta.refusal is not None and refusal:
            text = partial(refusal.upto, refusal.length)
            yield RefusalDeltaEvent.of({"snapshot": text}, delta=delta.refusal)
        for call, piece in zip(calls, delta.tool_calls or (), strict=True):
            if piece.function is not None:
                name, arguments = call["function"]["name"], call["function"]["arguments"]
                text = partial(arguments.upto, arguments.length)
                json = _json_of(text, is_parseable_call(name, self._tools))
                yield FunctionToolCallArgumentsDeltaEvent.of(
                    {"arguments": text, "parsed_arguments": json},
                    name=name,
                    index=call["index"],
                    arguments_delta=piece.function.arguments or "",
                )
        for part, event, _ in _LOGPROBS if choice.logprobs else ():
            if tokens := getattr(choice.logprobs, part):
                known = so_far.logprobs[part]
                snapshot = partial(getitem, known, slice(len(known)))
                yield event.of({"snapshot": snapshot}, **{part: tokens})

    def dones(self, choice: Choice, calls: list[Call]) -> Events[ResponseFormatT]:
        """What is done.

        Raises `pydantic.ValidationError` for what is done and does not fit its type.
        """
        for call in calls:
            if call is self._open_call:
                continue
            yield from self._texts_done()
            if self._open_call is not None and self._is_closed(self._open_call):
                yield from self._call_done(self._open_call)
            self._open_call = call
        if choice.finish_reason:
            yield from self._texts_done()
            for call in self.so_far.tool_calls:
                yield from self._call_done(call)

    def _is_closed(self, call: Call) -> bool:
        return not call["function"]["arguments"].length or self.so_far.is_complete(call)

    def _first_time(self, what: object) -> bool:
        if what in self._done:
            return False
        self._done.add(what)
        return True

    def _texts_done(self) -> Events[ResponseFormatT]:
        so_far = self.so_far
        if (content := str(so_far.text("content") or "")) and self._first_time("content"):
            parsed = maybe_parse_content(
                response_format=self._response_format,
                message=self.message(),
                settings=self._settings,
            )
            done: Any = ContentDoneEvent  # without a parameter: a class for each type would stay
            yield done.of({}, content=content, parsed=parsed)
        if (refusal := str(so_far.text("refusal") or "")) and self._first_time("refusal"):
            yield RefusalDoneEvent.of({}, refusal=refusal)
        for part, _, event in _LOGPROBS:
            if (tokens := so_far.logprobs.get(part)) and self._first_time(event):
                yield event.of({}, **{part: list(tokens)})

    def _call_done(self, call: Call) -> Events[ResponseFormatT]:
        if not self._first_time(call["index"]):
            return
        name, arguments = call["function"]["name"], str(call["function"]["arguments"])
        function = ParsedFunction.model_construct(name=name, arguments=arguments)
        yield FunctionToolCallArgumentsDoneEvent.of(
            {},
            name=name,
            index=call["index"],
            arguments=arguments,
            parsed_arguments=parse_function_tool_arguments(
                input_tools=self._tools, function=function
            ),
        )


def is_parseable_call(name: str, tools: list[ChatCompletionToolUnionParam]) -> bool:
    """Whether a call of this name is of a tool whose arguments are parsed."""
    tool = get_input_tool_by_name(input_tools=tools, name=name)
    return tool is not None and is_parseable_tool(tool)


def partial_json(text: str) -> object | None:
    """The JSON that the text so far begins with, as far as it goes; None if there is none.

    Text before the first bracket, such as a Markdown fence, is skipped.
    """
    first_bracket = min((at for at in map(text.find, "{[") if at > 0), default=0)
    for start in (0, first_bracket) if first_bracket else (0,):
        try:
            json: object = from_json(text[start:], allow_partial=True)
        except ValueError:
            continue
        return json
    return None


def _json_of(text: Callable[[], str], is_parsed: bool) -> Callable[[], object | None]:
    return lambda: partial_json(text()) if is_parsed else None
