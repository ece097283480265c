"""At openai's path."""

from ..shared.function_parameters import FunctionParameters as FunctionParameters
