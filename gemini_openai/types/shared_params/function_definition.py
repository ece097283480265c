"""A function the model may call."""

from typing_extensions import Required, TypedDict

from ..shared.function_parameters import FunctionParameters


class FunctionDefinition(TypedDict, total=False):
    name: Required[str]
    """Letters, digits, `_`, `.`, `:` and `-`, 64 at most, the first a letter or `_`."""

    description: str
    parameters: FunctionParameters
    strict: bool | None
    """Gemini takes it and does nothing with it."""
