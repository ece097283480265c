"""The `openai` package for Gemini: `from gemini_openai import OpenAI`.

Nothing here is loaded before it is used: each name is imported when it is first asked for.
"""

from ._given import (
    NOT_GIVEN as NOT_GIVEN,
    NotGiven as NotGiven,
    Omit as Omit,
    not_given as not_given,
    omit as omit,
)
from ._lazy import attach
from ._version import __version__ as __version__

TYPE_CHECKING = False  # `import typing` would cost more than this file
if TYPE_CHECKING:
    from ._client import (
        AsyncClient as AsyncClient,
        AsyncOpenAI as AsyncOpenAI,
        Client as Client,
        OpenAI as OpenAI,
    )
    from ._exceptions import (
        APIConnectionError as APIConnectionError,
        APIError as APIError,
        APIResponseValidationError as APIResponseValidationError,
        APIStatusError as APIStatusError,
        APITimeoutError as APITimeoutError,
        AuthenticationError as AuthenticationError,
        BadRequestError as BadRequestError,
        ConflictError as ConflictError,
        ContentFilterFinishReasonError as ContentFilterFinishReasonError,
        IncompleteStreamError as IncompleteStreamError,
        InternalServerError as InternalServerError,
        LengthFinishReasonError as LengthFinishReasonError,
        NotFoundError as NotFoundError,
        OpenAIError as OpenAIError,
        PermissionDeniedError as PermissionDeniedError,
        RateLimitError as RateLimitError,
        UnprocessableEntityError as UnprocessableEntityError,
    )
    from ._models import BaseModel as BaseModel
    from ._streaming import AsyncStream as AsyncStream, Stream as Stream
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "._client": "AsyncClient AsyncOpenAI Client OpenAI",
            "._exceptions": (
                "APIConnectionError APIError APIResponseValidationError APIStatusError"
                " APITimeoutError AuthenticationError BadRequestError ConflictError"
                " ContentFilterFinishReasonError IncompleteStreamError InternalServerError"
                " LengthFinishReasonError NotFoundError OpenAIError PermissionDeniedError"
                " RateLimitError UnprocessableEntityError"
            ),
            "._models": "BaseModel",
            "._streaming": "AsyncStream Stream",
        },
    )
    __all__ += ["NOT_GIVEN", "NotGiven", "Omit", "__version__", "not_given", "omit"]
