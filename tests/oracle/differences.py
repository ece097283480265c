"""Where we are not as `openai` is on purpose, and why: for the tests and for docs/compatibility.md.

The tests fail for a row that no longer applies as they do for a difference that has none.
"""

from __future__ import annotations

# The names of the package

NOT_AT_THE_ROOT = {
    # a name of `openai`: why it is not here
    "AssistantEventHandler": "assistants: Gemini has none",
    "AsyncAssistantEventHandler": "assistants: Gemini has none",
    "AsyncComputerDriver": "OpenAI's computer tool",
    "AsyncComputerToolset": "OpenAI's computer tool",
    "ComputerDriver": "OpenAI's computer tool",
    "ComputerToolset": "OpenAI's computer tool",
    "DataResidency": "places of OpenAI's servers",
    "InvalidWebhookSignatureError": "webhooks: Gemini has none",
    "OAuthError": "OpenAI's workload identity",
    "ReconnectingEvent": "websockets",
    "ReconnectingOverrides": "websockets",
    "WebSocketConnectionClosedError": "websockets",
    "WebSocketQueueFullError": "websockets",
    "annotations": "from __future__ import annotations",
    "auth": "OpenAI's workload identity",
    "override": "an import of openai's own",
    "providers": "other companies' servers",
    "pydantic_responses_function_tool": "the Responses API",
}
ANOTHER_AT_THE_ROOT = {
    # a name of both: how ours differs
    "AsyncAzureOpenAI": "can be imported, and raises when built: Azure serves no Gemini",
    "AsyncBedrockOpenAI": "can be imported, and raises when built: Bedrock serves no Gemini",
    "AzureOpenAI": "can be imported, and raises when built: Azure serves no Gemini",
    "BedrockOpenAI": "can be imported, and raises when built: Bedrock serves no Gemini",
    "DEFAULT_CONNECTION_LIMITS": "the same figures, in httpx's class: openai's is httpx2's",
    "DEFAULT_TIMEOUT": "the same figures, in httpx's class: openai's is httpx2's",
    "DefaultAioHttpClient": "an httpx client: openai's is httpx2's; either is taken",
    "DefaultAsyncHttpxClient": "an httpx client: openai's is httpx2's; either is taken",
    "DefaultHttpxClient": "an httpx client: openai's is httpx2's; either is taken",
    "ProxiesTypes": "of httpx's classes: openai's are httpx2's",
    "Timeout": "httpx's class: openai's is httpx2's; either is taken",
    "Transport": "httpx's class: openai's is httpx2's; either is taken",
    "VERSION": "this package's",
    "__title__": "this package's",
    "__version__": "this package's",
}

# The client

NO_EFFECT = "kept as an attribute, without effect on Gemini"
CONSTRUCTOR = {
    # a keyword of the constructor: what is different about it
    "api_key": "`GOOGLE_API_KEY` and then `GEMINI_API_KEY` are read; `OPENAI_API_KEY` never, "
    "which is another company's secret",
    "base_url": "Gemini's, or `GOOGLE_GEMINI_BASE_URL`; `OPENAI_BASE_URL` is never read",
    "project": "on Vertex AI the Google Cloud project; elsewhere kept, without effect",
    **dict.fromkeys(
        (
            *("admin_api_key", "data_residency", "organization", "provider", "webhook_secret"),
            *("websocket_base_url", "workload_identity"),
        ),
        NO_EFFECT,
    ),
}
CLIENT = {
    # a property of the client: why it has another value
    "base_url": "an `httpx.URL`: openai's is httpx2's",
    "default_headers": "Google's headers in place of openai's, and the credentials among them",
    "qs": "its class is our own",
    "timeout": "an `httpx.Timeout`: openai's is httpx2's",
    "user_agent": "names this package",
}

# Resources

RESOURCES = [
    # module, classes: those of which Gemini has at least a part
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
    # a method that openai has not, from the client on: what it is for
    "batches.run": "any number of requests by batch jobs, from rows to answers",
    "embeddings.create_many": "many texts, in as many requests as they need",
    "map": "many calls at once, within a quota",
    "videos.download": "the name under which issue trackers ask for download_content",
}
GEMINI_OPTIONS = {
    # method: what it takes beside all that openai's does
    **dict.fromkeys(
        ("Completions.create", "Completions.parse", "Completions.stream"),
        "thinking_budget thinking_level include_thoughts cached_content safety_settings",
    ),
    "Files.create": "on_progress",
    "Images.generate": "aspect_ratio generation_config safety_settings tools",
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
    # the start of a module path below `openai.types`: why it is not here
    "admin": "administration of OpenAI accounts",
    "audio": "Gemini has no /audio",
    "auto_file_chunking_strategy": "vector stores",
    "beta": "assistants, threads and ChatKit: Gemini has none",
    "completion.": "the endpoint before chat: Gemini has no /completions",
    "completion_choice": "the endpoint before chat",
    "completion_create_params": "the endpoint before chat",
    "container": "machines that run OpenAI's code tool",
    "content_provenance_check": "a check of OpenAI's watermarks",
    "conversations": "state of the Responses API",
    "decision": "an endpoint of OpenAI alone",
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
    "safety": "an endpoint of OpenAI alone",
    "shared.comparison_filter": "vector stores",
    "shared.compound_filter": "vector stores",
    "shared.custom_tool_input_format": "the Responses API",
    "shared.decision": "an endpoint of OpenAI alone",
    "shared.oauth_error_code": "OpenAI's workload identity",
    "shared.reasoning.": "the Responses API",
    "shared.response_format_text_": "grammars: OpenAI's custom tools",
    "shared.responses_model": "the Responses API",
    "shared_params.comparison_filter": "vector stores",
    "shared_params.compound_filter": "vector stores",
    "shared_params.custom_tool_input_format": "the Responses API",
    "shared_params.decision": "an endpoint of OpenAI alone",
    "shared_params.oauth_error_code": "OpenAI's workload identity",
    "shared_params.reasoning.": "the Responses API",
    "shared_params.responses_model": "the Responses API",
    "skill": "skills of OpenAI's agents",
    "static_file_chunking_strategy": "vector stores",
    "upload": "OpenAI's upload in parts: Google's has another protocol, which `files` speaks",
    "vector_store": "Gemini has no /vector_stores",
    "webhooks": "OpenAI's servers call nobody for Gemini",
    "websocket": "websockets",
}
OPTIONAL_HERE = {
    # module, class, field: why a plain validation does without it
    ("batch", "Batch", "completion_window"): "no recorded Batch: only id and status are sure",
    ("batch", "Batch", "created_at"): "as above",
    ("batch", "Batch", "endpoint"): "as above",
    ("batch", "Batch", "input_file_id"): "as above",
    ("batch", "Batch", "object"): "as above",
    ("batch_request_counts", "BatchRequestCounts", "completed"): "protobuf JSON drops a zero",
    ("batch_request_counts", "BatchRequestCounts", "failed"): "protobuf JSON drops a zero",
    ("batch_request_counts", "BatchRequestCounts", "total"): "protobuf JSON drops a zero",
    ("chat.chat_completion", "Choice", "message"): "missing where the answer was blocked",
    ("chat.chat_completion_audio", "ChatCompletionAudio", "expires_at"): "Vertex sends data alone",
    ("chat.chat_completion_audio", "ChatCompletionAudio", "id"): "Vertex sends data alone",
    ("chat.chat_completion_audio", "ChatCompletionAudio", "transcript"): "Vertex sends data alone",
    ("chat.chat_completion_chunk", "ChatCompletionChunk", "id"): "missing until July 2025",
    ("chat.chat_completion_chunk", "Choice", "delta"): "missing where the answer was blocked",
    ("chat.chat_completion_chunk", "ChoiceDeltaToolCall", "index"): "Gemini sends none",
    ("chat.chat_completion_message", "ChatCompletionMessage", "role"): "Vertex may send none",
    ("chat.chat_completion_store_message", "ChatCompletionStoreMessage", "role"): "inherited",
    ("chat.parsed_chat_completion", "ParsedChatCompletionMessage", "role"): "inherited",
    ("chat.parsed_chat_completion", "ParsedChoice", "message"): "inherited",
    ("create_embedding_response", "CreateEmbeddingResponse", "usage"): "Gemini sends none",
    ("create_embedding_response", "Usage", "prompt_tokens"): "the zero of an absent usage",
    ("create_embedding_response", "Usage", "total_tokens"): "the zero of an absent usage",
    ("embedding", "Embedding", "index"): "protobuf JSON drops a zero",
    ("images_response", "ImagesResponse", "created"): "Gemini sends none",
    ("model", "Model", "created"): "Gemini sends none",
    ("video", "Video", "created_at"): "no recorded video: only id and status are sure",
    ("video", "Video", "model"): "as above",
    ("video", "Video", "object"): "as above",
    ("video", "Video", "progress"): "as above",
    ("video", "Video", "seconds"): "as above",
    ("video", "Video", "size"): "as above",
}
OTHER_TYPE = {
    # module, class or alias, field: why its type is not openai's
    ("chat.completion_create_params", "CompletionCreateParamsBase", "modalities"): "+ `image`",
    ("chat.completion_create_params", "CompletionCreateParamsBase", "model"): "Gemini's names",
    (
        "chat.completion_create_params",
        "CompletionCreateParamsBase",
        "service_tier",
    ): "adds `standard`",
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
    ("video", "Video", "size"): "empty where Google does not say, and Veo has other sizes",
    ("video", "Video", "status"): "Google has `processing`",
    ("video_create_params", "VideoCreateParams", "model"): "Google's names",
    ("video_model", "VideoModel"): "Google's names",
    ("video_model_param", "VideoModelParam"): "Google's names",
}

# Calls of every resource

DIFFERENT_REQUESTS = {
    # act: why we send something else
    "embeddings.create": "openai asks for base64 unasked, to decode it",
    "models.retrieve of a listed name": "the list has `models/` in front, the route is without",
    "batches.retrieve, as Gemini answers": "the slash in an id stays, as in Google's own samples",
    "batches.retrieve": "as above",
    "batches.cancel": "as above",
    "files.retrieve": "as above",
    "files.content": "as above",
    "files.delete": "as above",
}
DIFFERENT_RESULTS = {
    # act: why the result is another
    "videos.retrieve while it is made": "Gemini's `processing` is OpenAI's `in_progress`",
    "batches.retrieve, as Gemini answers": "0 and '' for what it does not say, openai has None",
    "images.generate, as Gemini answers": "as above",
    "models.list, as Gemini answers": "as above",
    "models.list, empty": "Google's JSON leaves an empty list out; openai has None then",
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
    # (body, type asked of `parse`): why we do otherwise
    ("json as text", "dict"): "JSON is parsed, whatever a gateway calls it",
    ("json as text", "list"): "as above",
    ("json as text", "object"): "as above",
    ("json as text", "union"): "as above",
    ("list", "own"): "a list is no model; openai makes models of its items",
    ("list", "model"): "as above",
    ("list", "other model"): "as above",
    ("list", "union"): "as above",
    ("broken", "own"): "APIResponseValidationError: an APIError that has the response",
    ("broken", "model"): "as above",
    ("broken", "other model"): "as above",
    ("broken", "dict"): "as above",
    ("broken", "list"): "as above",
    ("broken", "object"): "as above",
    ("broken", "union"): "as above",
}
NEVER_A_COROUTINE = {
    # a method of an async view: why calling it gives no coroutine, as it does in openai
    "completions.list": "Gemini stores no completions: the call raises",
    "videos.list": "Gemini lists no videos: the call raises",
}

# `client.get`, `post` and their like

BROKEN = "openai lets the JSON library's error through; ours is an APIError with the response"
VERBS_OTHERWISE = {
    # (body, type asked for): why we do otherwise
    ("a list", "list of int"): "what is asked for: openai leaves the text as it is",
    **{("nothing", kind): BROKEN for kind in ("dict", "dict of str", "list", "list of int")},
    **{("nothing", kind): BROKEN for kind in ("object", "model", "union", "optional")},
    **{("no JSON", kind): BROKEN for kind in ("dict", "dict of str", "list", "list of int")},
    **{("no JSON", kind): BROKEN for kind in ("object", "model", "union", "optional")},
}
OTHER_VERB_REQUESTS = {
    # call: why we send something else
    "a key for idempotency": "openai leaves it out: no header of its client is named for it",
    "post of a file": "openai leaves the body out, and calls the form JSON",
}

# Chunks of chat

CHUNK_DIFFERENCES = {
    "id": "a chunk without an id has an empty one here; openai gives None against its own type",
    "index": "a tool call without an index has 0 here; openai gives None against its own type",
}

# Events of `chat.completions.stream`

EVENT_DIFFERENCES = {
    # where in the dump of an event: why ours is not openai's
    "parsed": "openai parses nothing of the first chunk",
    "parsed_arguments": "the same",
}
