"""Types of chat completions: requests and answers."""

from ..._primitives.lazy import attach

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .chat_completion import (
        ChatCompletion as ChatCompletion,
        ChatCompletionTokenLogprob as ChatCompletionTokenLogprob,
    )
    from .chat_completion_chunk import ChatCompletionChunk as ChatCompletionChunk
    from .chat_completion_message import (
        ChatCompletionAudio as ChatCompletionAudio,
        ChatCompletionMessage as ChatCompletionMessage,
        ChatCompletionMessageCustomToolCall as ChatCompletionMessageCustomToolCall,
        ChatCompletionMessageFunctionToolCall as ChatCompletionMessageFunctionToolCall,
        ChatCompletionMessageToolCall as ChatCompletionMessageToolCall,
        ChatCompletionMessageToolCallUnion as ChatCompletionMessageToolCallUnion,
    )
    from .chat_completion_message_param import (
        ChatCompletionAssistantMessageParam as ChatCompletionAssistantMessageParam,
        ChatCompletionContentPartImageParam as ChatCompletionContentPartImageParam,
        ChatCompletionContentPartInputAudioParam as ChatCompletionContentPartInputAudioParam,
        ChatCompletionContentPartParam as ChatCompletionContentPartParam,
        ChatCompletionContentPartRefusalParam as ChatCompletionContentPartRefusalParam,
        ChatCompletionContentPartTextParam as ChatCompletionContentPartTextParam,
        ChatCompletionDeveloperMessageParam as ChatCompletionDeveloperMessageParam,
        ChatCompletionFunctionMessageParam as ChatCompletionFunctionMessageParam,
        ChatCompletionMessageCustomToolCallParam as ChatCompletionMessageCustomToolCallParam,
        ChatCompletionMessageFunctionToolCallParam as ChatCompletionMessageFunctionToolCallParam,
        ChatCompletionMessageParam as ChatCompletionMessageParam,
        ChatCompletionMessageToolCallParam as ChatCompletionMessageToolCallParam,
        ChatCompletionMessageToolCallUnionParam as ChatCompletionMessageToolCallUnionParam,
        ChatCompletionSystemMessageParam as ChatCompletionSystemMessageParam,
        ChatCompletionToolMessageParam as ChatCompletionToolMessageParam,
        ChatCompletionUserMessageParam as ChatCompletionUserMessageParam,
        CreateChatCompletionRequestMessageParam as CreateChatCompletionRequestMessageParam,
    )
    from .chat_completion_reasoning_effort import (
        ChatCompletionReasoningEffort as ChatCompletionReasoningEffort,
    )
    from .chat_completion_role import ChatCompletionRole as ChatCompletionRole
    from .chat_completion_store_message import (
        ChatCompletionContentPartImage as ChatCompletionContentPartImage,
        ChatCompletionContentPartText as ChatCompletionContentPartText,
        ChatCompletionDeleted as ChatCompletionDeleted,
        ChatCompletionFunctionTool as ChatCompletionFunctionTool,
        ChatCompletionStoreMessage as ChatCompletionStoreMessage,
    )
    from .chat_completion_tool_param import (
        ChatCompletionAllowedToolChoiceParam as ChatCompletionAllowedToolChoiceParam,
        ChatCompletionAllowedToolsParam as ChatCompletionAllowedToolsParam,
        ChatCompletionCustomToolParam as ChatCompletionCustomToolParam,
        ChatCompletionFunctionToolParam as ChatCompletionFunctionToolParam,
        ChatCompletionNamedToolChoiceCustomParam as ChatCompletionNamedToolChoiceCustomParam,
        ChatCompletionNamedToolChoiceParam as ChatCompletionNamedToolChoiceParam,
        ChatCompletionToolChoiceOptionParam as ChatCompletionToolChoiceOptionParam,
        ChatCompletionToolParam as ChatCompletionToolParam,
        ChatCompletionToolUnionParam as ChatCompletionToolUnionParam,
    )
    from .completion_create_params import (
        ChatCompletionAudioParam as ChatCompletionAudioParam,
        ChatCompletionFunctionCallOptionParam as ChatCompletionFunctionCallOptionParam,
        ChatCompletionModality as ChatCompletionModality,
        ChatCompletionPredictionContentParam as ChatCompletionPredictionContentParam,
        ChatCompletionStreamOptionsParam as ChatCompletionStreamOptionsParam,
        CompletionCreateParams as CompletionCreateParams,
    )
    from .completion_list_params import CompletionListParams as CompletionListParams
    from .completion_update_params import CompletionUpdateParams as CompletionUpdateParams
    from .parsed_chat_completion import (
        ParsedChatCompletion as ParsedChatCompletion,
        ParsedChatCompletionMessage as ParsedChatCompletionMessage,
        ParsedChoice as ParsedChoice,
        ParsedFunction as ParsedFunction,
        ParsedFunctionToolCall as ParsedFunctionToolCall,
    )
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            ".chat_completion": "ChatCompletion ChatCompletionTokenLogprob",
            ".chat_completion_message": """
                ChatCompletionMessage ChatCompletionMessageToolCall
                ChatCompletionMessageToolCallUnion ChatCompletionMessageFunctionToolCall
                ChatCompletionMessageCustomToolCall ChatCompletionAudio
            """,
            ".chat_completion_chunk": "ChatCompletionChunk",
            ".chat_completion_message_param": """
                ChatCompletionMessageParam CreateChatCompletionRequestMessageParam
                ChatCompletionDeveloperMessageParam ChatCompletionSystemMessageParam
                ChatCompletionUserMessageParam ChatCompletionAssistantMessageParam
                ChatCompletionToolMessageParam ChatCompletionFunctionMessageParam
                ChatCompletionContentPartParam ChatCompletionContentPartTextParam
                ChatCompletionContentPartImageParam ChatCompletionContentPartInputAudioParam
                ChatCompletionContentPartRefusalParam ChatCompletionMessageToolCallParam
                ChatCompletionMessageToolCallUnionParam
                ChatCompletionMessageFunctionToolCallParam
                ChatCompletionMessageCustomToolCallParam
            """,
            ".chat_completion_tool_param": """
                ChatCompletionToolParam ChatCompletionToolUnionParam
                ChatCompletionFunctionToolParam ChatCompletionCustomToolParam
                ChatCompletionToolChoiceOptionParam ChatCompletionNamedToolChoiceParam
                ChatCompletionNamedToolChoiceCustomParam ChatCompletionAllowedToolChoiceParam
                ChatCompletionAllowedToolsParam
            """,
            ".completion_create_params": """
                CompletionCreateParams ChatCompletionAudioParam
                ChatCompletionFunctionCallOptionParam ChatCompletionModality
                ChatCompletionPredictionContentParam ChatCompletionStreamOptionsParam
            """,
            ".parsed_chat_completion": """
                ParsedChatCompletion ParsedChoice ParsedChatCompletionMessage
                ParsedFunctionToolCall ParsedFunction
            """,
            ".chat_completion_reasoning_effort": "ChatCompletionReasoningEffort",
            ".chat_completion_role": "ChatCompletionRole",
            ".chat_completion_store_message": """
                ChatCompletionStoreMessage ChatCompletionDeleted ChatCompletionContentPartText
                ChatCompletionContentPartImage ChatCompletionFunctionTool
            """,
            ".completion_list_params": "CompletionListParams",
            ".completion_update_params": "CompletionUpdateParams",
        },
    )
