"""The parameters of the methods of `chat.completions`."""

from ...._types import RequestExtras
from ....types.chat.completion_create_params import CompletionCreateParamsBase


class CreateParams(CompletionCreateParamsBase, RequestExtras, total=False):
    """Everything `create` takes but `stream`, which its overloads turn on."""
