"""Describe types and tools in a request, and parse the JSON of its answer as those types."""

from __future__ import annotations

from dataclasses import is_dataclass
from enum import Enum
from inspect import isroutine
from typing import TYPE_CHECKING, Any, cast

import pydantic
from typing_extensions import TypeVar

from ..._exceptions import ContentFilterFinishReasonError, LengthFinishReasonError, OpenAIError
from ..._primitives.given import is_given, omit
from ..._primitives.json_types import is_object
from ..._primitives.log import logger
from ...dialect import DEFAULT_SETTINGS, json_in_text
from ...types.chat.chat_completion import ChatCompletion, Choice
from ...types.chat.chat_completion_message import ChatCompletionMessage
from ...types.chat.parsed_chat_completion import (
    ParsedChatCompletion,
    ParsedChatCompletionMessage,
    ParsedChoice,
    ParsedFunction,
    ParsedFunctionToolCall,
)
from .._functions import arguments_of, as_tools, is_read, tool_function
from .._names import schema_name
from .._pydantic import (
    is_basemodel_type as is_basemodel_type,
    to_strict_json_schema,
    why_no_schema,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeGuard

    from ..._primitives.given import Omit
    from ..._types import PythonTool
    from ...dialect import Settings
    from ...types.chat.chat_completion_message import Function
    from ...types.chat.chat_completion_tool_param import (
        ChatCompletionFunctionToolParam,
        ChatCompletionToolUnionParam,
    )
    from ...types.chat.completion_create_params import ResponseFormat as ResponseFormatParam

ResponseFormatT = TypeVar("ResponseFormatT", default=None)
"""The type an answer is read as; None where no type was asked for."""


def type_to_response_format_param(
    response_format: type | ResponseFormatParam | Omit,
) -> ResponseFormatParam | Omit:
    """The `response_format` of a request for an answer of a type.

    Any type that pydantic has a JSON Schema for: models, dataclasses, `TypedDict`s, enums, and
    `list[...]`, unions and `Literal`s of them. The schema is sent without an object around it:
    Gemini accepts any. A dict is a format already and is returned unchanged.

    Raises `TypeError` for any other value.
    """
    if not is_given(response_format):
        return omit
    if is_object(response_format):
        return cast("ResponseFormatParam", response_format)
    if is_basemodel_type(response_format):
        schema = to_strict_json_schema(response_format)
    else:
        try:
            schema = to_strict_json_schema(_adapter(cast("type[object]", response_format)))
        except pydantic.errors.PydanticInvalidForJsonSchema as cause:
            raise _unsupported(response_format, cause) from cause
    return {
        "type": "json_schema",
        "json_schema": {
            "schema": schema,
            "name": schema_name(response_format) or "response",
            "strict": True,
        },
    }


def validate_input_tools(
    tools: Iterable[ChatCompletionToolUnionParam | PythonTool] | Omit = omit,
) -> list[ChatCompletionFunctionToolParam] | Omit:
    """The tools of a call of `parse`, as a list; each function or type among them as a tool.

    Raises `ValueError` for a tool whose arguments could not be parsed: no function, or not strict.
    """
    listed = materialize_input_tools(tools)
    if not is_given(listed):
        return omit
    for tool in cast("Iterable[Any]", listed):
        if not is_object(tool):
            continue  # an error that says what a tool is comes before it is sent
        kind = tool.get("type", "function")
        if kind != "function":
            raise ValueError(
                f"parse() reads the arguments of function tools only; this one is of type "
                f"{kind!r}. Call create() for it."
            )
        if not is_read(function := tool_function(tool)):
            raise ValueError(
                f"The tool {function.get('name')!r} is not strict, and parse() reads the arguments "
                "of strict tools only. Give the Python function or the pydantic model itself in "
                "tools, add 'strict': True to its function, or call create()."
            )
    return cast("list[ChatCompletionFunctionToolParam]", listed)


def materialize_input_tools(
    tools: Iterable[ChatCompletionToolUnionParam | PythonTool] | Omit = omit,
) -> list[ChatCompletionToolUnionParam] | Omit:
    """The tools as a list: they are needed for the request and again for its answer.

    Each function or type among them becomes a tool. Raises `TypeError` where that cannot be.
    """
    if not is_given(tools) or cast("object", tools) is None:
        return omit
    return as_tools(tools)


def parse_chat_completion(
    *,
    response_format: type[ResponseFormatT] | ResponseFormatParam | Omit,
    input_tools: Iterable[ChatCompletionToolUnionParam] | Omit,
    chat_completion: ChatCompletion | ParsedChatCompletion[object],
    settings: Settings = DEFAULT_SETTINGS,
) -> ParsedChatCompletion[ResponseFormatT]:
    """A copy of an answer with its JSON parsed as the types that were asked for.

    With the repair `json-in-text` off in `settings`, JSON is not looked for within text.

    Raises:
        LengthFinishReasonError: the answer was cut off by its token limit.
        ContentFilterFinishReasonError: it was stopped by a content filter.
        pydantic.ValidationError: its JSON does not fit the type.
    """
    if not isinstance(cast("object", chat_completion), ChatCompletion):
        raise OpenAIError(
            "There is no answer to parse: the server sent no chat completion but "
            f"{str(chat_completion)[:200]!r}. Is base_url right?"
        )
    tools = list(input_tools) if is_given(input_tools) else []
    choices: list[Choice] = []
    for choice in chat_completion.choices or ():
        refuse_unfinished(choice.finish_reason, lambda: chat_completion)
        choices.append(_parsed_choice(choice, response_format, tools, settings))
    parsed: ParsedChatCompletion[ResponseFormatT]
    parsed = _remade(ParsedChatCompletion, chat_completion, choices=choices)
    return parsed


def refuse_unfinished(finish_reason: str | None, completion: Callable[[], ChatCompletion]) -> None:
    """Raise an error that carries the answer if it ended before it was complete."""
    # Google may add a word of its own: "content_filter: PROHIBITED_CONTENT".
    reason = (finish_reason or "").partition(":")[0]
    if reason == "length":
        raise LengthFinishReasonError(completion=completion())
    if reason == "content_filter":
        raise ContentFilterFinishReasonError(completion=completion())


def _parsed_choice(
    choice: Choice,
    response_format: Any,
    tools: list[ChatCompletionToolUnionParam],
    settings: Settings,
) -> Choice:
    message = choice.message
    if not isinstance(cast("object", message), ChatCompletionMessage):
        return choice
    calls: list[Any] = []
    for call in message.tool_calls or ():
        if call.type != "function":
            logger.warning("a call of a custom tool has no arguments to parse; left out: %s", call)
            continue
        arguments = parse_function_tool_arguments(input_tools=tools, function=call.function)
        function = _remade(ParsedFunction, call.function, parsed_arguments=arguments)
        calls.append(_remade(ParsedFunctionToolCall, call, function=function))
    parsed = _remade(
        ParsedChatCompletionMessage,
        message,
        tool_calls=calls or None,
        parsed=maybe_parse_content(
            response_format=response_format, message=message, settings=settings
        ),
    )
    made: Choice = _remade(ParsedChoice, choice, message=parsed)
    return made


def _remade(cls: Any, result: pydantic.BaseModel, **changes: Any) -> Any:
    """`result` as a `cls`, which has its fields and more; nothing is validated again."""
    given = result.model_fields_set | changes.keys()
    return cls.model_construct(_fields_set=given, **{**dict(result), **changes})


def get_input_tool_by_name(
    *, input_tools: Iterable[ChatCompletionToolUnionParam], name: str
) -> ChatCompletionFunctionToolParam | None:
    """The function tool of this name, or None."""
    for tool in input_tools:
        if tool.get("type", "function") == "function" and tool_function(tool).get("name") == name:
            return cast("ChatCompletionFunctionToolParam", tool)
    return None


def parse_function_tool_arguments(
    *,
    input_tools: Iterable[ChatCompletionToolUnionParam],
    function: Function | ParsedFunction,
) -> object | None:
    """The arguments of a tool call as the type its tool was made from, or as JSON if it is strict.

    Those of a Python function are a dict, with values of the hinted types. None for an unknown
    tool, and for one that is not strict. Empty text means no arguments.

    Raises `pydantic.ValidationError` for arguments that do not fit the model, `ValueError` for
    those that are not JSON.
    """
    tool = get_input_tool_by_name(input_tools=input_tools, name=function.name)
    return None if tool is None else arguments_of(tool_function(tool), function.arguments)


def maybe_parse_content(
    *,
    response_format: type[ResponseFormatT] | ResponseFormatParam | Omit,
    message: ChatCompletionMessage | ParsedChatCompletionMessage[object],
    settings: Settings = DEFAULT_SETTINGS,
) -> ResponseFormatT | None:
    """The content of a message as the type asked for; None without a type or without content.

    Text beside tool calls need not be the answer, so the result is None if it does not fit.
    Without tool calls, that raises `pydantic.ValidationError`.
    """
    if not (has_rich_response_format(response_format) and message.content) or message.refusal:
        return None
    try:
        return _parse_content(response_format, message.content, settings)
    except pydantic.ValidationError:
        if message.tool_calls:
            return None
        raise


def has_rich_response_format(
    response_format: type[ResponseFormatT] | ResponseFormatParam | Omit,
) -> TypeGuard[type[ResponseFormatT]]:
    """Whether `response_format` is a type, so that answers are read as it."""
    return is_given(response_format) and not is_object(response_format)


def is_parseable_tool(input_tool: ChatCompletionToolUnionParam) -> bool:
    """Whether the arguments of calls of this tool are parsed."""
    return input_tool.get("type", "function") == "function" and is_read(tool_function(input_tool))


def _parse_content(
    response_format: type[ResponseFormatT], content: str, settings: Settings
) -> ResponseFormatT:
    """`content` as `response_format`; if it is not JSON, then the JSON within it."""
    # Not cached: a type made at run time could then never be collected. Making an adapter takes
    # some 100 microseconds, which is little compared with an answer.
    read: Callable[[str], ResponseFormatT] = (
        cast("Any", response_format).model_validate_json
        if is_basemodel_type(response_format)
        else _adapter(response_format).validate_json
    )
    try:
        return read(content)
    except pydantic.ValidationError as error:
        trouble = error
    candidates = json_in_text(content, settings) if _is_not_json(trouble) else ()
    for candidate in candidates:
        try:
            parsed = read(candidate)
        except pydantic.ValidationError as error:
            if _is_not_json(trouble):
                trouble = error  # an error in the JSON says more than that there is text
        else:
            logger.debug("parsed the JSON within an answer that is not all JSON")
            return parsed
    if add_note := getattr(trouble, "add_note", None):  # Python 3.11
        add_note(f"The answer that does not fit response_format: {_shortened(content)}")
    raise trouble


def refuse_instance(response_format: Any) -> None:
    """Raise `TypeError` for an instance of a class that was meant itself."""
    if isinstance(response_format, (pydantic.BaseModel, Enum)) or (
        is_dataclass(response_format) and not isinstance(response_format, type)
    ):
        name = type(response_format).__name__
        raise TypeError(
            f"response_format is an instance of {name}. Give the class to parse() or stream(): "
            f"response_format={name}."
        )


def _adapter(typ: type[ResponseFormatT]) -> pydantic.TypeAdapter[ResponseFormatT]:
    refuse_instance(typ)
    # Pydantic accepts None, strings and functions as types; here they are mistakes.
    if isinstance(cast("object", typ), (str, type(None))) or isroutine(typ):
        raise _unsupported(typ, None)
    try:
        return pydantic.TypeAdapter(typ)
    except (pydantic.errors.PydanticUserError, NameError) as cause:
        raise _unsupported(typ, cause) from cause


def _unsupported(response_format: object, cause: Exception | None) -> TypeError:
    if getattr(cause, "code", None) == "typed-dict-version":
        return TypeError(
            f"response_format={response_format!r}: {why_no_schema(cast('Any', cause))}."
        )
    why = f" Reason: {why_no_schema(cause)}" if cause else ""
    return TypeError(
        f"response_format={response_format!r} is not a type with a JSON Schema. Give a pydantic "
        "model, a dataclass, a TypedDict, an enum, or a list or union of such, or a dict like "
        f"{{'type': 'json_object'}}.{why}"
    )


def _is_not_json(error: pydantic.ValidationError) -> bool:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return first["type"] == "json_invalid" and not first["loc"]


def _shortened(text: str) -> str:
    return text if len(text) <= 500 else f"{text[:500]}... ({len(text)} characters)"
