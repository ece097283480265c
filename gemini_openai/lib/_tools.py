"""Make a tool of a pydantic model, which then parses the arguments of its calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import pydantic

from ._names import schema_name
from ._pydantic import to_strict_json_schema

if TYPE_CHECKING:
    from ..types.chat.chat_completion_tool_param import ChatCompletionFunctionToolParam
    from ..types.shared_params.function_definition import FunctionDefinition

ModelT = TypeVar("ModelT", bound=pydantic.BaseModel)


class PydanticFunctionTool(dict[str, Any], Generic[ModelT]):
    """The `function` of a tool: a dict to send, and the model of its arguments."""

    model: type[ModelT]

    def __init__(self, defn: FunctionDefinition, model: type[ModelT]) -> None:
        super().__init__(defn)
        self.model = model

    def cast(self) -> FunctionDefinition:
        """Return itself, typed as a `FunctionDefinition`."""
        return cast("FunctionDefinition", self)


def pydantic_function_tool(
    model: type[pydantic.BaseModel],
    *,
    name: str | None = None,
    description: str | None = None,
) -> ChatCompletionFunctionToolParam:
    """A tool for `tools=` whose arguments are `model`.

    `parse` and `stream` then give the arguments of its calls as instances of `model`, in
    `function.parsed_arguments`. The name is the model's unless one is given, with `_` for what a
    name may not contain; the description is the model's docstring.

    Raises `ValueError` for a model whose name has no character that a tool's name may have.
    """
    name = name or schema_name(model)
    if not name:
        raise ValueError(
            f"The name of {model!r} has none of the characters that the name of a tool may have: "
            "ASCII letters, digits, _ and -. Name the tool with name=."
        )
    function: FunctionDefinition = {
        "name": name,
        "strict": True,
        "parameters": to_strict_json_schema(model),
    }
    if description is None:
        description = model.__doc__ or None
    if description is not None:
        function["description"] = description
    return {"type": "function", "function": PydanticFunctionTool(function, model).cast()}
