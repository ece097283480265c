"""What a chunk changed in a choice, to events."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Generic

from pydantic_core import from_json

from ....types.chat.parsed_chat_completion import ParsedFunction
from ..._parsing import (
    ResponseFormatT,
    get_input_tool_by_name,
    maybe_parse_content,
    parse_function_tool_arguments,
)
from ..._parsing._completions import has_rich_response_format, is_parseable_tool
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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from ....dialect import Settings
    from ....types.chat.chat_completion import ChatCompletionTokenLogprob
    from ....types.chat.chat_completion_chunk import Choice
    from ....types.chat.chat_completion_tool_param import ChatCompletionToolUnionParam
    from ....types.chat.parsed_chat_completion import ParsedChatCompletionMessage
    from ._accumulate import ChoiceSoFar
    from ._events import ChatCompletionStreamEvent

    Call: TypeAlias = dict[str, Any]
    Events: TypeAlias = Iterator[ChatCompletionStreamEvent[ResponseFormatT]]


class ChoiceEvents(Generic[ResponseFormatT]):
    """The events of one choice, and the memory of what was told to be done.

    The order is openai's: what is more, then what is done. Text is done when a tool call begins or
    the choice ends, a tool call when another begins or the choice ends, and each only once. A call
    whose arguments are still open when another begins is done at the end.
    """

    def __init__(
        self,
        so_far: ChoiceSoFar,
        response_format: Any,
        tools: list[ChatCompletionToolUnionParam],
        settings: Settings,
    ) -> None:
        self._so_far = so_far
        self._response_format = response_format
        self._has_type = has_rich_response_format(response_format)
        self._tools = tools
        self._settings = settings
        self._done: set[object] = set()
        self._open_call: Call | None = None

    def deltas(self, choice: Choice, calls: list[Call]) -> Events[ResponseFormatT]:
        """What is more; `calls` are those that the tool calls of the delta belong to."""
        so_far, delta = self._so_far, choice.delta
        refusal = so_far.text("refusal")
        if delta.content is not None and (content := so_far.text("content")):
            text = partial(content.upto, content.length)
            json = _json_of(text) if self._has_type and not refusal else _nothing
            yield ContentDeltaEvent.of(
                {"snapshot": text, "parsed": json}, type="content.delta", delta=delta.content
            )
        if delta.refusal is not None and refusal:
            text = partial(refusal.upto, refusal.length)
            yield RefusalDeltaEvent.of(
                {"snapshot": text}, type="refusal.delta", delta=delta.refusal
            )
        for call, piece in zip(calls, delta.tool_calls or (), strict=True):
            if piece.function is not None:
                yield self._more_arguments(call, piece.function.arguments or "")
        if choice.logprobs and (tokens := choice.logprobs.content):
            yield LogprobsContentDeltaEvent.of(
                {"snapshot": _as_now(so_far.logprobs["content"])},
                type="logprobs.content.delta",
                content=tokens,
            )
        if choice.logprobs and (tokens := choice.logprobs.refusal):
            yield LogprobsRefusalDeltaEvent.of(
                {"snapshot": _as_now(so_far.logprobs["refusal"])},
                type="logprobs.refusal.delta",
                refusal=tokens,
            )

    def dones(
        self,
        choice: Choice,
        calls: list[Call],
        message: Callable[[], ParsedChatCompletionMessage[object]],
    ) -> Events[ResponseFormatT]:
        """What is done; `message` gives the message so far.

        Raises `pydantic.ValidationError` for what is done and does not fit its type.
        """
        for call in calls:
            if call is self._open_call:
                continue
            yield from self._texts_done(message)
            if self._open_call is not None and self._is_closed(self._open_call):
                yield from self._call_done(self._open_call)
            self._open_call = call
        if choice.finish_reason:
            yield from self._texts_done(message)
            for call in self._so_far.tool_calls:
                yield from self._call_done(call)

    def _more_arguments(self, call: Call, piece: str) -> FunctionToolCallArgumentsDeltaEvent:
        function = call["function"]
        arguments = function["arguments"]
        text = partial(arguments.upto, arguments.length)
        json = _json_of(text) if is_parseable_call(function["name"], self._tools) else _nothing
        return FunctionToolCallArgumentsDeltaEvent.of(
            {"arguments": text, "parsed_arguments": json},
            type="tool_calls.function.arguments.delta",
            name=function["name"],
            index=call["index"],
            arguments_delta=piece,
        )

    def _is_closed(self, call: Call) -> bool:
        return not call["function"]["arguments"].length or self._so_far.is_complete(call)

    def _said(self, field: str) -> str:
        return str(self._so_far.text(field) or "")

    def _first_time(self, what: object) -> bool:
        if what in self._done:
            return False
        self._done.add(what)
        return True

    def _texts_done(
        self, message: Callable[[], ParsedChatCompletionMessage[object]]
    ) -> Events[ResponseFormatT]:
        so_far = self._so_far
        if (content := self._said("content")) and self._first_time("content"):
            parsed: ResponseFormatT | None = None
            if self._has_type:
                parsed = maybe_parse_content(
                    response_format=self._response_format,
                    message=message(),
                    settings=self._settings,
                )
            done: Any = ContentDoneEvent  # without a parameter: a class for each type would stay
            yield done.of({}, type="content.done", content=content, parsed=parsed)
        if (refusal := self._said("refusal")) and self._first_time("refusal"):
            yield RefusalDoneEvent.of({}, type="refusal.done", refusal=refusal)
        if (tokens := so_far.logprobs.get("content")) and self._first_time("logprobs"):
            yield LogprobsContentDoneEvent.of(
                {}, type="logprobs.content.done", content=list(tokens)
            )
        if (tokens := so_far.logprobs.get("refusal")) and self._first_time("refusal logprobs"):
            yield LogprobsRefusalDoneEvent.of(
                {}, type="logprobs.refusal.done", refusal=list(tokens)
            )

    def _call_done(self, call: Call) -> Events[ResponseFormatT]:
        if not self._first_time(call["index"]):
            return
        name, arguments = call["function"]["name"], str(call["function"]["arguments"])
        function = ParsedFunction.model_construct(name=name, arguments=arguments)
        yield FunctionToolCallArgumentsDoneEvent.of(
            {},
            type="tool_calls.function.arguments.done",
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
    """The JSON that a text still coming begins with, as far as it goes; None if there is none.

    What stands before the first bracket, such as a Markdown fence, is passed over.
    """
    first_bracket = min((at for at in map(text.find, "{[") if at > 0), default=0)
    for start in (0, first_bracket) if first_bracket else (0,):
        try:
            json: object = from_json(text[start:], allow_partial=True)
        except ValueError:
            continue
        return json
    return None


def _json_of(text: Callable[[], str]) -> Callable[[], object | None]:
    return lambda: partial_json(text())


def _nothing() -> None:
    return None


def _as_now(tokens: list[ChatCompletionTokenLogprob]) -> Callable[[], list[Any]]:
    length = len(tokens)
    return lambda: tokens[:length]
