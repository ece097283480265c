"""The parameters of a function, as JSON Schema."""

from typing import TypeAlias

FunctionParameters: TypeAlias = dict[str, object]
