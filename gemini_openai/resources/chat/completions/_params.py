"""Parameters of the methods of `chat.completions`."""

from ...._types import RequestExtras
from ....types.chat.completion_create_params import (
    CompletionCreateParamsBase,
    CompletionParamsAfterFormat,
    CompletionParamsBeforeFormat,
)
from ....types.gemini_options import GeminiOptions


class CreateParams(CompletionCreateParamsBase, GeminiOptions, RequestExtras, total=False):
    """Everything `create` takes but `stream`, which its overloads turn on."""


class ParseParams(
    CompletionParamsBeforeFormat,
    CompletionParamsAfterFormat,
    GeminiOptions,
    RequestExtras,
    total=False,
):
    """Everything `parse` and `stream` take but `response_format`, which may be a type there."""
