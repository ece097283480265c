"""The parameters of `chat.completions.create`: the method accepts exactly those listed here.

Gemini refuses names it does not know. Parameters that it lacks are here because `openai` has them.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from typing_extensions import Required, TypedDict

from ..._types import Maybe, PythonTool, SequenceNotStr
from ..shared.chat_model import ChatModel
from ..shared.function_parameters import FunctionParameters
from ..shared.metadata import Metadata
from ..shared.reasoning_effort import ReasoningEffort
from ..shared_params.response_format_json_object import (
    ResponseFormatJSONObject as ResponseFormatJSONObject,
)
from ..shared_params.response_format_json_schema import (
    ResponseFormatJSONSchema as ResponseFormatJSONSchema,
)
from ..shared_params.response_format_text import ResponseFormatText as ResponseFormatText
from .chat_completion_message_param import (
    ChatCompletionContentPartTextParam,
    ChatCompletionMessageParam,
)
from .chat_completion_tool_param import (
    ChatCompletionToolChoiceOptionParam,
    ChatCompletionToolUnionParam,
)

ResponseFormat: TypeAlias = ResponseFormatText | ResponseFormatJSONSchema | ResponseFormatJSONObject

ChatCompletionModality: TypeAlias = Literal["text", "audio"]


class VoiceID(TypedDict, total=False):
    id: Required[str]


Voice: TypeAlias = (
    str
    | Literal[
        "alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar"
    ]
    | VoiceID
)


class ChatCompletionAudioParam(TypedDict, total=False):
    format: Required[Literal["wav", "aac", "mp3", "flac", "opus", "pcm16"]]
    voice: Required[Voice]


class ChatCompletionPredictionContentParam(TypedDict, total=False):
    content: Required[str | Iterable[ChatCompletionContentPartTextParam]]
    type: Required[Literal["content"]]


class ChatCompletionStreamOptionsParam(TypedDict, total=False):
    include_obfuscation: bool
    include_usage: bool
    """Gemini then sends a running count with every chunk, and no last chunk without choices."""


class ChatCompletionFunctionCallOptionParam(TypedDict, total=False):
    name: Required[str]


FunctionCall: TypeAlias = Literal["none", "auto"] | ChatCompletionFunctionCallOptionParam


class Function(TypedDict, total=False):
    name: Required[str]
    description: str
    parameters: FunctionParameters


class ModerationPolicyInput(TypedDict, total=False):
    mode: Required[Literal["score", "block"]]


class ModerationPolicyOutput(TypedDict, total=False):
    mode: Required[Literal["score", "block"]]


class ModerationPolicy(TypedDict, total=False):
    input: ModerationPolicyInput | None
    output: ModerationPolicyOutput | None


class Moderation(TypedDict, total=False):
    model: Required[str]
    policy: ModerationPolicy | None


class PromptCacheOptions(TypedDict, total=False):
    mode: Literal["implicit", "explicit"]
    ttl: Literal["30m"]


class WebSearchOptionsUserLocationApproximate(TypedDict, total=False):
    city: str
    country: str
    region: str
    timezone: str


class WebSearchOptionsUserLocation(TypedDict, total=False):
    approximate: Required[WebSearchOptionsUserLocationApproximate]
    type: Required[Literal["approximate"]]


class WebSearchOptions(TypedDict, total=False):
    search_context_size: Literal["low", "medium", "high"]
    user_location: WebSearchOptionsUserLocation | None


# In three parts, in openai's order: `parse` and `stream` take the first and the last of them.
class RequiredParams(TypedDict, total=False):
    messages: Required[Iterable[ChatCompletionMessageParam]]
    model: Required[str | ChatModel]


class OptionalParamsBeforeFormat(TypedDict, total=False):
    audio: Maybe[ChatCompletionAudioParam | None]
    frequency_penalty: Maybe[float | None]
    """From -2 to 2. Vertex accepts it, the Developer API does not."""

    function_call: Maybe[FunctionCall]
    functions: Maybe[Iterable[Function]]
    """The older form of `tools`."""

    logit_bias: Maybe[dict[str, int] | None]
    logprobs: Maybe[bool | None]
    max_completion_tokens: Maybe[int | None]
    """Thinking counts too: a low limit can end in `length` with no text at all."""

    max_tokens: Maybe[int | None]
    """The older name of `max_completion_tokens`."""

    metadata: Maybe[Metadata | None]
    modalities: Maybe[Sequence[ChatCompletionModality | Literal["image"]] | None]
    """`image` works on Vertex only."""

    moderation: Maybe[Moderation | None]
    n: Maybe[int | None]
    parallel_tool_calls: Maybe[bool]
    prediction: Maybe[ChatCompletionPredictionContentParam | None]
    presence_penalty: Maybe[float | None]
    """From -2 to 2."""

    prompt_cache_key: Maybe[str | None]
    prompt_cache_options: Maybe[PromptCacheOptions]
    prompt_cache_retention: Maybe[Literal["in_memory", "24h"] | None]
    reasoning_effort: Maybe[ReasoningEffort | None]
    """How much to think; cannot be combined with a `thinking_config` in `extra_body`."""


class CompletionParamsBeforeFormat(RequiredParams, OptionalParamsBeforeFormat, total=False):
    """What comes before `response_format`."""


class CompletionParamsOfFormat(TypedDict, total=False):
    response_format: Maybe[ResponseFormat]


class CompletionParamsAfterFormat(TypedDict, total=False):
    safety_identifier: Maybe[str | None]
    seed: Maybe[int | None]
    """Vertex accepts it, the Developer API does not."""

    service_tier: Maybe[
        Literal["auto", "default", "flex", "scale", "priority", "fast", "standard"] | None
    ]
    """Gemini has `default` (also called `standard`), `flex` and `priority`."""

    stop: Maybe[str | SequenceNotStr[str] | None]
    store: Maybe[bool | None]
    stream_options: Maybe[ChatCompletionStreamOptionsParam | None]
    temperature: Maybe[float | None]
    """From 0 to 2."""

    tool_choice: Maybe[ChatCompletionToolChoiceOptionParam]
    tools: Maybe[Iterable[ChatCompletionToolUnionParam | PythonTool]]
    """Dicts, and also Python functions, pydantic models, dataclasses and `TypedDict`s."""

    top_logprobs: Maybe[int | None]
    top_p: Maybe[float | None]
    user: Maybe[str]
    verbosity: Maybe[Literal["low", "medium", "high"] | None]
    web_search_options: Maybe[WebSearchOptions]


class CompletionCreateParamsBase(
    CompletionParamsBeforeFormat,
    CompletionParamsOfFormat,
    CompletionParamsAfterFormat,
    total=False,
):
    """All parameters of `create` except `stream`."""


class CompletionCreateParamsNonStreaming(CompletionCreateParamsBase, total=False):
    stream: Maybe[Literal[False] | None]


class CompletionCreateParamsStreaming(CompletionCreateParamsBase):
    stream: Required[Literal[True]]


CompletionCreateParams: TypeAlias = (
    CompletionCreateParamsNonStreaming | CompletionCreateParamsStreaming
)
