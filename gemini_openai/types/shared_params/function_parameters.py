"""Re-export a type at the import path that `openai` has."""

from ..shared.function_parameters import FunctionParameters as FunctionParameters
