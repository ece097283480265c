"""Types of parameters that several endpoints share."""

from ..._primitives.lazy import attach

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .chat_model import ChatModel as ChatModel
    from .function_definition import FunctionDefinition as FunctionDefinition
    from .function_parameters import FunctionParameters as FunctionParameters
    from .metadata import Metadata as Metadata
    from .reasoning_effort import ReasoningEffort as ReasoningEffort
    from .response_format_json_object import ResponseFormatJSONObject as ResponseFormatJSONObject
    from .response_format_json_schema import ResponseFormatJSONSchema as ResponseFormatJSONSchema
    from .response_format_text import ResponseFormatText as ResponseFormatText
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            ".chat_model": "ChatModel",
            ".function_definition": "FunctionDefinition",
            ".function_parameters": "FunctionParameters",
            ".metadata": "Metadata",
            ".reasoning_effort": "ReasoningEffort",
            ".response_format_json_object": "ResponseFormatJSONObject",
            ".response_format_json_schema": "ResponseFormatJSONSchema",
            ".response_format_text": "ResponseFormatText",
        },
    )
