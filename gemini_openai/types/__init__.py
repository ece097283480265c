"""Types of results and parameters, at their import paths in `openai.types`.

Related types share one file, named as `openai` names the module of the main type: whole answers are
in `chat/chat_completion.py`, all messages in `chat/chat_completion_message_param.py`. The other
paths are files of two lines. A file defines each type before the types that contain it. Code that
reads annotations at run time (pydantic, `get_args`, `inspect.signature`) then finds classes.
"""

from .._primitives.lazy import attach

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .batch import (
        Batch as Batch,
        BatchError as BatchError,
        BatchRequestCounts as BatchRequestCounts,
        BatchUsage as BatchUsage,
    )
    from .batch_create_params import BatchCreateParams as BatchCreateParams
    from .batch_list_params import BatchListParams as BatchListParams
    from .completion import Completion as Completion, CompletionChoice as CompletionChoice
    from .completion_usage import CompletionUsage as CompletionUsage
    from .create_embedding_response import (
        CreateEmbeddingResponse as CreateEmbeddingResponse,
        Embedding as Embedding,
    )
    from .embedding_create_params import (
        EmbeddingCreateParams as EmbeddingCreateParams,
        EmbeddingModel as EmbeddingModel,
    )
    from .file_create_params import FileCreateParams as FileCreateParams, FilePurpose as FilePurpose
    from .file_list_params import FileListParams as FileListParams
    from .file_object import (
        FileContent as FileContent,
        FileDeleted as FileDeleted,
        FileObject as FileObject,
    )
    from .gemini_options import (
        AspectRatio as AspectRatio,
        GeminiImageOptions as GeminiImageOptions,
        GeminiOptions as GeminiOptions,
        HarmBlockThreshold as HarmBlockThreshold,
        HarmCategory as HarmCategory,
        SafetySetting as SafetySetting,
        ThinkingLevel as ThinkingLevel,
    )
    from .image_create_variation_params import (
        ImageCreateVariationParams as ImageCreateVariationParams,
    )
    from .image_edit_params import ImageEditParams as ImageEditParams
    from .image_edit_stream_event import (
        ImageEditCompletedEvent as ImageEditCompletedEvent,
        ImageEditPartialImageEvent as ImageEditPartialImageEvent,
        ImageEditStreamEvent as ImageEditStreamEvent,
    )
    from .image_gen_stream_event import (
        ImageGenCompletedEvent as ImageGenCompletedEvent,
        ImageGenPartialImageEvent as ImageGenPartialImageEvent,
        ImageGenStreamEvent as ImageGenStreamEvent,
    )
    from .image_generate_params import (
        ImageGenerateParams as ImageGenerateParams,
        ImageModel as ImageModel,
    )
    from .images_response import Image as Image, ImagesResponse as ImagesResponse
    from .model import Model as Model, ModelDeleted as ModelDeleted
    from .model_info import ModelInfo as ModelInfo
    from .shared import (
        AllModels as AllModels,
        ChatModel as ChatModel,
        ErrorObject as ErrorObject,
        FunctionDefinition as FunctionDefinition,
        FunctionParameters as FunctionParameters,
        Metadata as Metadata,
        ReasoningEffort as ReasoningEffort,
        ResponseFormatJSONObject as ResponseFormatJSONObject,
        ResponseFormatJSONSchema as ResponseFormatJSONSchema,
        ResponseFormatText as ResponseFormatText,
    )
    from .video import (
        Video as Video,
        VideoCreateCharacterResponse as VideoCreateCharacterResponse,
        VideoCreateError as VideoCreateError,
        VideoDeleteResponse as VideoDeleteResponse,
        VideoGetCharacterResponse as VideoGetCharacterResponse,
        VideoModel as VideoModel,
        VideoSeconds as VideoSeconds,
        VideoSize as VideoSize,
    )
    from .video_create_params import (
        ImageInputReferenceParam as ImageInputReferenceParam,
        VideoCreateCharacterParams as VideoCreateCharacterParams,
        VideoCreateParams as VideoCreateParams,
        VideoDownloadContentParams as VideoDownloadContentParams,
        VideoEditParams as VideoEditParams,
        VideoExtendParams as VideoExtendParams,
        VideoListParams as VideoListParams,
        VideoModelParam as VideoModelParam,
        VideoRemixParams as VideoRemixParams,
    )
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            ".batch": "Batch BatchError BatchRequestCounts BatchUsage",
            ".batch_create_params": "BatchCreateParams",
            ".batch_list_params": "BatchListParams",
            ".completion": "Completion CompletionChoice",
            ".completion_usage": "CompletionUsage",
            ".create_embedding_response": "CreateEmbeddingResponse Embedding",
            ".embedding_create_params": "EmbeddingCreateParams EmbeddingModel",
            ".file_create_params": "FileCreateParams FilePurpose",
            ".file_list_params": "FileListParams",
            ".file_object": "FileContent FileDeleted FileObject",
            ".gemini_options": """
                AspectRatio GeminiImageOptions GeminiOptions HarmBlockThreshold HarmCategory
                SafetySetting ThinkingLevel
            """,
            ".image_create_variation_params": "ImageCreateVariationParams",
            ".image_edit_params": "ImageEditParams",
            ".image_edit_stream_event": """
                ImageEditCompletedEvent ImageEditPartialImageEvent ImageEditStreamEvent
            """,
            ".image_gen_stream_event": """
                ImageGenCompletedEvent ImageGenPartialImageEvent ImageGenStreamEvent
            """,
            ".image_generate_params": "ImageGenerateParams ImageModel",
            ".images_response": "Image ImagesResponse",
            ".model": "Model ModelDeleted",
            ".model_info": "ModelInfo",
            ".shared": """
                AllModels ChatModel ErrorObject FunctionDefinition FunctionParameters Metadata
                ReasoningEffort ResponseFormatJSONObject ResponseFormatJSONSchema
                ResponseFormatText
            """,
            ".video": """
                Video VideoCreateCharacterResponse VideoCreateError VideoDeleteResponse
                VideoGetCharacterResponse VideoModel VideoSeconds VideoSize
            """,
            ".video_create_params": """
                ImageInputReferenceParam VideoCreateCharacterParams VideoCreateParams
                VideoDownloadContentParams VideoEditParams VideoExtendParams VideoListParams
                VideoModelParam VideoRemixParams
            """,
        },
    )
