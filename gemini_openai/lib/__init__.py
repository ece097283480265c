"""The helpers `openai` has at these paths: typed answers and tools, events of a stream.

Belongs here: types into schemas, answers back into types, chunks into a whole answer, without I/O.
Does not: requests and how they travel; what `openai` has not, which is in `bulk`.
"""

from .._primitives.lazy import attach

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._parsing import (
        ResponseFormatT as ResponseFormatT,
        type_to_response_format_param as type_to_response_format_param,
    )
    from ._tools import pydantic_function_tool as pydantic_function_tool
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "._parsing": "ResponseFormatT type_to_response_format_param",
            "._tools": "pydantic_function_tool",
        },
    )
