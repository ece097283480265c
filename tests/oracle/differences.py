"""List the intended differences from `openai` and their reasons, for tests and documentation.

The tests fail for a difference without a row, and for a row that no longer applies. The page is
docs/compatibility.md.
"""

from __future__ import annotations

# The names of the package

NOT_AT_THE_ROOT = {
    # a name of `openai`: why it is absent here
    "AssistantEventHandler": "assistants: Gemini has none",
    "AsyncAssistantEventHandler": "assistants: Gemini has none",
    "AsyncComputerDriver": "OpenAI's computer tool",
    "AsyncComputerToolset": "OpenAI's computer tool",
    "ComputerDriver": "OpenAI's computer tool",
    "ComputerToolset": "OpenAI's computer tool",
    "DataResidency": "locations of OpenAI's servers",
    "InvalidWebhookSignatureError": "webhooks: Gemini has none",
    "OAuthError": "OpenAI's workload identity",
    "ReconnectingEvent": "websockets",
    "ReconnectingOverrides": "websockets",
    "WebSocketConnectionClosedError": "websockets",
    "WebSocketQueueFullError": "websockets",
    "annotations": "from __future__ import annotations",
    "auth": "OpenAI's workload identity",
    "override": "not an API: a name that openai imports",
    "providers": "servers of other companies",
    "pydantic_responses_function_tool": "the Responses API",
}
ANOTHER_AT_THE_ROOT = {
    # a name in both packages: how ours differs
    "AsyncAzureOpenAI": "the constructor raises: Azure does not offer Gemini",
    "AsyncBedrockOpenAI": "the constructor raises: Bedrock does not offer Gemini",
    "AzureOpenAI": "the constructor raises: Azure does not offer Gemini",
    "BedrockOpenAI": "the constructor raises: Bedrock does not offer Gemini",
    "DEFAULT_CONNECTION_LIMITS": "the same values, in a class of httpx; openai's is of httpx2",
    "DEFAULT_TIMEOUT": "the same values, in a class of httpx; openai's is of httpx2",
    "DefaultAioHttpClient": "an httpx client; openai's is an httpx2 client. Both are accepted",
    "DefaultAsyncHttpxClient": "an httpx client; openai's is an httpx2 client. Both are accepted",
    "DefaultHttpxClient": "an httpx client; openai's is an httpx2 client. Both are accepted",
    "ProxiesTypes": "types of httpx; openai's are of httpx2",
    "Timeout": "the class of httpx; openai's is of httpx2. Both are accepted",
    "Transport": "the class of httpx; openai's is of httpx2. Both are accepted",
    "VERSION": "this package's",
    "__title__": "this package's",
    "__version__": "this package's",
}

# The client

NO_EFFECT = "kept as an attribute, without effect on Gemini"
CONSTRUCTOR = {
    # a keyword of the constructor: what is different about it
    "api_key": "if not given, `GOOGLE_API_KEY` and then `GEMINI_API_KEY` are read; "
    "`OPENAI_API_KEY` never is, because it is another company's secret",
    "base_url": "`GOOGLE_GEMINI_BASE_URL`, else Gemini's; `OPENAI_BASE_URL` is never read",
    "project": "on Vertex AI the Google Cloud project; otherwise kept, without effect",
    **dict.fromkeys(
        (
            *("admin_api_key", "data_residency", "organization", "provider", "webhook_secret"),
            *("websocket_base_url", "workload_identity"),
        ),
        NO_EFFECT,
    ),
}
CLIENT = {
    # a property of the client: how its value differs
    "base_url": "an `httpx.URL`; openai's is an `httpx2.URL`",
    "default_headers": "Google's headers in place of openai's, including the credentials",
    "qs": "its class belongs to this package",
    "timeout": "an `httpx.Timeout`; openai's is an `httpx2.Timeout`",
    "user_agent": "names this package",
}

# Resources

RESOURCES = [
    # module, class: those that Gemini offers at least in part
    ("resources.batches", "Batches"),
    ("resources.chat.chat", "Chat"),
    ("resources.chat.completions.completions", "Completions"),
    ("resources.embeddings", "Embeddings"),
    ("resources.files", "Files"),
    ("resources.images", "Images"),
    ("resources.models", "Models"),
    ("resources.videos", "Videos"),
]
ONLY_HERE = {
    # a method that openai lacks, as a path from the client: what it is for
    "batches.run": "answers any number of requests through batch jobs",
    "embeddings.create_many": "embeds many texts, in as many requests as needed",
    "map": "many calls at once, within a quota",
    "models.info": "says what is known of a model without asking the server",
    "videos.download": "another name for download_content, which users ask for",
}
GEMINI_OPTIONS = {
    # method: its parameters in addition to openai's
    **dict.fromkeys(
        ("Completions.create", "Completions.parse", "Completions.stream"),
        "thinking_budget thinking_level include_thoughts cached_content safety_settings "
        "media_resolution",
    ),
    "Files.create": "on_progress",
    "Images.generate": "aspect_ratio generation_config safety_settings tools",
}
OF_EVERY_METHOD = {
    # a parameter of every method that sends a request, in addition to openai's: what it is
    "deadline": "seconds for the whole call; see [timeouts.md](timeouts.md)",
}
ALSO_TAKES = {
    # endpoint, parameter: what else it takes than in openai
    ("chat", "response_format"): "also accepts a schema alone, and the form of the Responses API",
    ("chat", "tools"): "also accepts Python functions, pydantic models, dataclasses and "
    "`TypedDict`s, and dicts in the forms of the Responses API, Anthropic and MCP",
}
SUPPORTED = {
    *(f"batches.{name}" for name in ("cancel", "create", "list", "retrieve")),
    *(f"chat.completions.{name}" for name in ("create", "parse", "stream")),
    *(f"beta.chat.completions.{name}" for name in ("create", "parse", "stream")),
    "embeddings.create",
    *(f"files.{name}" for name in ("content", "create", "delete", "list", "retrieve")),
    *(f"files.{name}" for name in ("retrieve_content", "wait_for_processing")),
    "images.generate",
    *(f"models.{name}" for name in ("list", "retrieve")),
    *(f"videos.{name}" for name in ("create", "create_and_poll", "download_content")),
    *(f"videos.{name}" for name in ("poll", "retrieve")),
}

# `openai.types`

NOT_MIRRORED = {
    # the start of a module path below `openai.types`: why it is absent here
    "admin": "administration of OpenAI accounts",
    "audio": "Gemini has no /audio",
    "auto_file_chunking_strategy": "vector stores",
    "beta": "assistants, threads and ChatKit: Gemini has none",
    "completion_create_params": "the endpoint before chat: Gemini has no /completions",
    "container": "machines for OpenAI's code tool",
    "content_provenance_check": "OpenAI's check of watermarks",
    "conversations": "state of the Responses API",
    "decision": "an endpoint that only OpenAI has",
    "deleted_skill": "skills of OpenAI's agents",
    "eval": "OpenAI's evaluations",
    "file_chunking_strategy": "vector stores",
    "fine_tuning": "Gemini has no /fine_tuning",
    "graders": "OpenAI's evaluations",
    "live": "websockets",
    "moderation": "Gemini has no /moderations",
    "other_file_chunking_strategy_object": "vector stores",
    "realtime": "websockets",
    "responses": "Gemini has no /responses",
    "safety": "an endpoint that only OpenAI has",
    "shared.comparison_filter": "vector stores",
    "shared.compound_filter": "vector stores",
    "shared.custom_tool_input_format": "the Responses API",
    "shared.decision": "an endpoint that only OpenAI has",
    "shared.oauth_error_code": "OpenAI's workload identity",
    "shared.reasoning.": "the Responses API",
    "shared.response_format_text_": "grammars: OpenAI's custom tools",
    "shared.responses_model": "the Responses API",
    "shared_params.comparison_filter": "vector stores",
    "shared_params.compound_filter": "vector stores",
    "shared_params.custom_tool_input_format": "the Responses API",
    "shared_params.decision": "an endpoint that only OpenAI has",
    "shared_params.oauth_error_code": "OpenAI's workload identity",
    "shared_params.reasoning.": "the Responses API",
    "shared_params.responses_model": "the Responses API",
    "skill": "skills of OpenAI's agents",
    "static_file_chunking_strategy": "vector stores",
    "upload": "OpenAI's upload in parts; `files` uses Google's upload protocol instead",
    "vector_store": "Gemini has no /vector_stores",
    "webhooks": "webhooks: Gemini has none",
    "websocket": "websockets",
}
OPTIONAL_HERE = {
    # module, class, field: why validation does not require it
    (
        "batch",
        "Batch",
        "completion_window",
    ): "no batch was recorded: only id and status are certain",
    ("batch", "Batch", "created_at"): "as above",
    ("batch", "Batch", "endpoint"): "as above",
    ("batch", "Batch", "input_file_id"): "as above",
    ("batch", "Batch", "object"): "as above",
    ("batch_request_counts", "BatchRequestCounts", "completed"): "Google's JSON omits a zero",
    ("batch_request_counts", "BatchRequestCounts", "failed"): "Google's JSON omits a zero",
    ("batch_request_counts", "BatchRequestCounts", "total"): "Google's JSON omits a zero",
    ("chat.chat_completion", "Choice", "message"): "missing if the answer was blocked",
    (
        "chat.chat_completion_audio",
        "ChatCompletionAudio",
        "expires_at",
    ): "Vertex sends only the data",
    ("chat.chat_completion_audio", "ChatCompletionAudio", "id"): "Vertex sends only the data",
    (
        "chat.chat_completion_audio",
        "ChatCompletionAudio",
        "transcript",
    ): "Vertex sends only the data",
    ("chat.chat_completion_chunk", "ChatCompletionChunk", "id"): "Gemini sent none until July 2025",
    ("chat.chat_completion_chunk", "Choice", "delta"): "missing if the answer was blocked",
    ("chat.chat_completion_chunk", "ChoiceDeltaToolCall", "index"): "Gemini sends none",
    ("chat.chat_completion_message", "ChatCompletionMessage", "role"): "Vertex may send none",
    ("chat.chat_completion_store_message", "ChatCompletionStoreMessage", "role"): "inherited",
    ("chat.parsed_chat_completion", "ParsedChatCompletionMessage", "role"): "inherited",
    ("chat.parsed_chat_completion", "ParsedChoice", "message"): "inherited",
    ("create_embedding_response", "CreateEmbeddingResponse", "usage"): "Gemini sends none",
    ("create_embedding_response", "Usage", "prompt_tokens"): "zero if usage is missing",
    ("create_embedding_response", "Usage", "total_tokens"): "zero if usage is missing",
    ("embedding", "Embedding", "index"): "Google's JSON omits a zero",
    ("images_response", "ImagesResponse", "created"): "Gemini sends none",
    ("model", "Model", "created"): "Gemini sends none",
    ("video", "Video", "created_at"): "no video was recorded: only id and status are certain",
    ("video", "Video", "model"): "as above",
    ("video", "Video", "object"): "as above",
    ("video", "Video", "progress"): "as above",
    ("video", "Video", "seconds"): "as above",
    ("video", "Video", "size"): "as above",
}
OTHER_TYPE = {
    # module, class or alias, field: how its type differs from openai's
    ("chat.completion_create_params", "CompletionCreateParamsBase", "modalities"): "adds `image`",
    ("chat.completion_create_params", "CompletionCreateParamsBase", "model"): "Gemini's names",
    (
        "chat.completion_create_params",
        "CompletionCreateParamsBase",
        "service_tier",
    ): "adds `standard`",
    (
        "chat.completion_create_params",
        "CompletionCreateParamsBase",
        "tools",
    ): "adds functions and types",
    ("chat_model", "ChatModel"): "Gemini's names",
    ("embedding_create_params", "EmbeddingCreateParams", "model"): "Gemini's names",
    ("embedding_model", "EmbeddingModel"): "Gemini's names",
    ("image_create_variation_params", "ImageCreateVariationParams", "model"): "Gemini's names",
    ("image_edit_params", "ImageEditParamsBase", "model"): "Gemini's names",
    ("image_generate_params", "ImageGenerateParamsBase", "model"): "Gemini's names",
    ("image_model", "ImageModel"): "Gemini's names",
    ("shared.all_models", "AllModels"): "Gemini's names",
    ("shared.chat_model", "ChatModel"): "Gemini's names",
    ("shared_params.chat_model", "ChatModel"): "Gemini's names",
    ("video", "Video", "model"): "Google's names",
    ("video", "Video", "size"): "empty if Google does not send it, and Veo has other sizes",
    ("video", "Video", "status"): "adds Google's `processing`",
    ("video_create_params", "VideoCreateParams", "model"): "Google's names",
    ("video_model", "VideoModel"): "Google's names",
    ("video_model_param", "VideoModelParam"): "Google's names",
}

# Calls of every resource

DIFFERENT_REQUESTS = {
    # call: why we send something else
    "embeddings.create": "openai asks for base64 by default and decodes it; we ask for floats",
    "models.retrieve of a listed name": "a list has `models/` before names; the route does not",
    "batches.retrieve, as Gemini answers": "an id keeps its slash, as in Google's samples",
    "batches.retrieve": "as above",
    "batches.cancel": "as above",
    "files.retrieve": "as above",
    "files.content": "as above",
    "files.delete": "as above",
}
DIFFERENT_RESULTS = {
    # call: why the result differs
    "videos.retrieve while it is made": "Gemini's `processing` is OpenAI's `in_progress`",
    "batches.retrieve, as Gemini answers": "fields not sent are 0 or ''; openai has None",
    "images.generate, as Gemini answers": "as above",
    "models.list, as Gemini answers": "as above",
    "models.list, empty": "an empty list, which Google's JSON omits; openai gives None",
}

# Raw responses

RESPONSE_CLASSES = {
    "_legacy_response": ["HttpxBinaryResponseContent", "LegacyAPIResponse"],
    "_response": [
        "APIResponse",
        "AsyncAPIResponse",
        "AsyncBinaryAPIResponse",
        "AsyncResponseContextManager",
        "AsyncStreamedBinaryAPIResponse",
        "BaseAPIResponse",
        "BinaryAPIResponse",
        "ResponseContextManager",
        "StreamAlreadyConsumed",
        "StreamedBinaryAPIResponse",
    ],
}
PARSED_OTHERWISE = {
    # (body, type asked of `parse`): what we do differently, and why
    ("json as text", "dict"): "JSON is parsed, whatever its content type",
    ("json as text", "list"): "as above",
    ("json as text", "object"): "as above",
    ("json as text", "union"): "as above",
    ("list", "own"): "a list is no model; openai makes a model of each item",
    ("list", "model"): "as above",
    ("list", "other model"): "as above",
    ("list", "union"): "as above",
    ("text", "own"): "raises APIResponseValidationError, which names the content type and the "
    "title of a web page; openai gives the text",
    ("text", "model"): "as above",
    ("text", "other model"): "as above",
    ("number", "own"): "raises APIResponseValidationError, for it is no object; openai gives it",
    ("number", "model"): "as above",
    ("number", "other model"): "as above",
    ("broken", "own"): "raises APIResponseValidationError, an APIError that has the response",
    ("broken", "model"): "as above",
    ("broken", "other model"): "as above",
    ("broken", "dict"): "as above",
    ("broken", "list"): "as above",
    ("broken", "object"): "as above",
    ("broken", "union"): "as above",
}
NEVER_A_COROUTINE = {
    # a method of an async view: why calling it does not return a coroutine, as openai's does
    "completions.list": "Gemini stores no completions: the call raises",
    "videos.list": "Gemini lists no videos: the call raises",
}

# `client.get`, `post` and the like

BROKEN = "raises an APIError with the response; openai raises the JSON library's error"
NO_MODEL = "raises an APIError that says what came; openai gives it in place of a model"
VERBS_OTHERWISE = {
    # (body, type asked for): what we do differently, and why
    **{(body, "model"): NO_MODEL for body in ("text", "nothing in text", "a web page")},
    **{(body, "model"): NO_MODEL for body in ("a list", "text in JSON", "a number", "null")},
    ("a list", "list of int"): "gives that type; openai gives the text",
    **{("nothing", kind): BROKEN for kind in ("dict", "dict of str", "list", "list of int")},
    **{("nothing", kind): BROKEN for kind in ("object", "model", "union", "optional")},
    **{("no JSON", kind): BROKEN for kind in ("dict", "dict of str", "list", "list of int")},
    **{("no JSON", kind): BROKEN for kind in ("object", "model", "union", "optional")},
}
OTHER_VERB_REQUESTS = {
    # call: why we send something else
    "a key for idempotency": "openai omits it, because its client names no header for it",
    "post of a file": "openai omits the body and labels the form as JSON",
}

# Chunks of chat

CHUNK_DIFFERENCES = {
    "id": "an empty string if the chunk has none; openai gives None, against its own type",
    "index": "0 if the tool call has none; openai gives None, against its own type",
}

STREAM_DIFFERENCES = {
    # a field of the chunks of a stream with `include_usage`: how it differs
    "usage": "zeros before the last chunk: Google's examples print `chunk.usage.to_dict()` of "
    "each chunk; openai gives None, or a running count where Google sends one",
}

# Events of `chat.completions.stream`

EVENT_DIFFERENCES = {
    # a key in the dump of an event: how ours differs from openai's
    "parsed": "openai does not parse the first chunk",
    "parsed_arguments": "the same",
}
