"""The `openai` package for Gemini: `from gemini_openai import OpenAI`.

Nothing here is loaded before it is used: each name is imported when it is first asked for.

The attributes from `api_key` to `http_client` are the settings of the package as a client:
`gemini_openai.api_key = ...`, then `gemini_openai.chat.completions.create(...)`.
"""

from __future__ import annotations

from ._constants import DEFAULT_MAX_RETRIES as DEFAULT_MAX_RETRIES
from ._primitives.given import (
    NOT_GIVEN as NOT_GIVEN,
    NotGiven as NotGiven,
    Omit as Omit,
    not_given as not_given,
    omit as omit,
)
from ._primitives.lazy import attach
from ._version import __version__ as __version__

TYPE_CHECKING = False  # `import typing` would cost more than this file
if TYPE_CHECKING:
    from ._call.multipart import file_from_path as file_from_path
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
        ClientClosedError as ClientClosedError,
        ConflictError as ConflictError,
        ContentFilterFinishReasonError as ContentFilterFinishReasonError,
        IncompleteStreamError as IncompleteStreamError,
        InternalServerError as InternalServerError,
        InvalidRequestError as InvalidRequestError,
        LengthFinishReasonError as LengthFinishReasonError,
        NotFoundError as NotFoundError,
        NotSupportedError as NotSupportedError,
        OpenAIError as OpenAIError,
        PermissionDeniedError as PermissionDeniedError,
        RateLimitError as RateLimitError,
        UnprocessableEntityError as UnprocessableEntityError,
        UnsupportedParameterError as UnsupportedParameterError,
    )
    from ._google.vertex.errors import GoogleCredentialsError as GoogleCredentialsError
    from ._http.default_clients import (
        DEFAULT_CONNECTION_LIMITS as DEFAULT_CONNECTION_LIMITS,
        DEFAULT_TIMEOUT as DEFAULT_TIMEOUT,
        DefaultAioHttpClient as DefaultAioHttpClient,
        DefaultAsyncFastClient as DefaultAsyncFastClient,
        DefaultAsyncHttpx2Client as DefaultAsyncHttpx2Client,
        DefaultAsyncHttpxClient as DefaultAsyncHttpxClient,
        DefaultFastClient as DefaultFastClient,
        DefaultHttpx2Client as DefaultHttpx2Client,
        DefaultHttpxClient as DefaultHttpxClient,
        ProxiesTypes as ProxiesTypes,
        Timeout as Timeout,
        Transport as Transport,
    )
    from ._legacy_response import HttpxBinaryResponseContent as HttpxBinaryResponseContent
    from ._models import BaseModel as BaseModel
    from ._module_client import (
        _load_client as _load_client,
        _reset_client as _reset_client,
        admin as admin,
        audio as audio,
        batches as batches,
        beta as beta,
        chat as chat,
        completions as completions,
        containers as containers,
        content_provenance_checks as content_provenance_checks,
        conversations as conversations,
        decisions as decisions,
        embeddings as embeddings,
        evals as evals,
        files as files,
        fine_tuning as fine_tuning,
        images as images,
        live as live,
        models as models,
        moderations as moderations,
        realtime as realtime,
        responses as responses,
        safety as safety,
        skills as skills,
        uploads as uploads,
        vector_stores as vector_stores,
        videos as videos,
        webhooks as webhooks,
    )
    from ._primitives.warnings import GeminiWarning as GeminiWarning
    from ._response import APIResponse as APIResponse, AsyncAPIResponse as AsyncAPIResponse
    from ._streaming import AsyncStream as AsyncStream, Stream as Stream
    from ._telemetry.settings import Telemetry as Telemetry
    from ._types import NoneType as NoneType, RequestOptions as RequestOptions
    from .as_openai import install_as_openai as install_as_openai
    from .lib._old_api import (
        Audio as Audio,
        ChatCompletion as ChatCompletion,
        Completion as Completion,
        Customer as Customer,
        Deployment as Deployment,
        Edit as Edit,
        Embedding as Embedding,
        Engine as Engine,
        ErrorObject as ErrorObject,
        File as File,
        FineTune as FineTune,
        FineTuningJob as FineTuningJob,
        Image as Image,
        Model as Model,
        Moderation as Moderation,
    )
    from .lib._tools import pydantic_function_tool as pydantic_function_tool
    from .lib.azure import AsyncAzureOpenAI as AsyncAzureOpenAI, AzureOpenAI as AzureOpenAI
    from .lib.bedrock import (
        AsyncBedrockOpenAI as AsyncBedrockOpenAI,
        BedrockOpenAI as BedrockOpenAI,
    )
    from .version import VERSION as VERSION
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "._client": "AsyncClient AsyncOpenAI Client OpenAI",
            "._http.default_clients": """
                DEFAULT_CONNECTION_LIMITS DEFAULT_TIMEOUT DefaultAioHttpClient
                DefaultAsyncFastClient DefaultAsyncHttpx2Client DefaultAsyncHttpxClient
                DefaultFastClient DefaultHttpx2Client DefaultHttpxClient ProxiesTypes Timeout
                Transport
            """,
            "._exceptions": """
                APIConnectionError APIError APIResponseValidationError APIStatusError
                APITimeoutError AuthenticationError BadRequestError ClientClosedError
                ConflictError ContentFilterFinishReasonError IncompleteStreamError
                InternalServerError InvalidRequestError LengthFinishReasonError NotFoundError
                NotSupportedError OpenAIError PermissionDeniedError RateLimitError
                UnprocessableEntityError UnsupportedParameterError
            """,
            "._google.vertex.errors": "GoogleCredentialsError",
            "._legacy_response": "HttpxBinaryResponseContent",
            "._models": "BaseModel",
            "._module_client": """
                _load_client _reset_client admin audio batches beta chat completions containers
                content_provenance_checks conversations decisions embeddings evals files
                fine_tuning images live models moderations realtime responses safety skills
                uploads vector_stores videos webhooks
            """,
            "._call.multipart": "file_from_path",
            "._response": "APIResponse AsyncAPIResponse",
            "._streaming": "AsyncStream Stream",
            "._telemetry.settings": "Telemetry",
            "._types": "NoneType RequestOptions",
            "._primitives.warnings": "GeminiWarning",
            ".as_openai": "install_as_openai",
            ".lib._old_api": """
                Audio ChatCompletion Completion Customer Deployment Edit Embedding Engine
                ErrorObject File FineTune FineTuningJob Image Model Moderation
            """,
            ".lib._tools": "pydantic_function_tool",
            ".lib.azure": "AsyncAzureOpenAI AzureOpenAI",
            ".lib.bedrock": "AsyncBedrockOpenAI BedrockOpenAI",
            ".version": "VERSION",
        },
    )
    # A star import brings in the names of classes, none as common as `files` and `models`.
    __all__ = [name for name in __all__ if not name.islower()]
    __all__ += [
        "DEFAULT_MAX_RETRIES",
        "NOT_GIVEN",
        "NotGiven",
        "Omit",
        "__title__",
        "__version__",
        "file_from_path",
        "install_as_openai",
        "not_given",
        "omit",
        "pydantic_function_tool",
    ]

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from . import lib as lib, parts as parts, resources as resources, types as types
    from ._types import URL, HttpClient, TimeoutTypes

__title__ = "gemini_openai"

api_key: str | Callable[[], str] | None = None
admin_api_key: str | None = None
organization: str | None = None
project: str | None = None
webhook_secret: str | None = None
base_url: str | URL | None = None
timeout: TimeoutTypes | NotGiven = NOT_GIVEN
max_retries: int = DEFAULT_MAX_RETRIES
default_headers: Mapping[str, str] | None = None
default_query: Mapping[str, object] | None = None
http_client: HttpClient | None = None

# Read by frameworks that can also talk to Azure or Bedrock; set to one of these, the package as a
# client says that it cannot.
api_type: str | None = None
api_version: str | None = None
azure_endpoint: str | None = None
azure_ad_token: str | None = None
azure_ad_token_provider: Callable[[], str] | None = None
bedrock_token_provider: Callable[[], str] | None = None
