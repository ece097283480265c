"""All that is Gemini and not OpenAI, as pure functions on plain JSON values.

What Gemini does otherwise, and what is done about it, is one table: `REPAIRS` in `table`, as text
`docs/dialect.md`. I/O, models and clients do not belong here. From outside only the names below are
imported; inside, they go down: `translation` > `routes` > `chat` > `refusals` > the modules beside
them > `schemas`.
"""

from .._primitives.lazy import attach

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .chat.answers.chunks import ChunkAdapter as ChunkAdapter
    from .chat.answers.finish_reasons import (
        RAW_FINISH_REASON as RAW_FINISH_REASON,
        finish_meaning as finish_meaning,
    )
    from .chat.answers.json_in_text import json_in_text as json_in_text
    from .chat.answers.patterns import Pattern as Pattern
    from .chat.answers.usage import NO_TOKENS as NO_TOKENS
    from .chat.function_names import with_app_names as with_app_names
    from .chat.tool_calls import CallMerger as CallMerger
    from .models import describe_model as describe_model, path_model as path_model
    from .notes import (
        AbsentError as AbsentError,
        AnswerError as AnswerError,
        InvalidRequestError as InvalidRequestError,
        NoAnswerError as NoAnswerError,
        Note as Note,
        UnsupportedParameterError as UnsupportedParameterError,
    )
    from .refusals.errors import ErrorReport as ErrorReport, read_error as read_error
    from .refusals.hints import Credential as Credential
    from .refusals.no_answers import error_in_event as error_in_event, shown as shown
    from .routes.alternatives import advice_on as advice_on
    from .routes.batches import (
        BATCH_ENDPOINTS as BATCH_ENDPOINTS,
        CHAT_ENDPOINT as CHAT_ENDPOINT,
        EMBEDDINGS_ENDPOINT as EMBEDDINGS_ENDPOINT,
        ENDED_BATCH_STATUSES as ENDED_BATCH_STATUSES,
        OutputLine as OutputLine,
        output_file_of as output_file_of,
        output_object as output_object,
        read_output_line as read_output_line,
    )
    from .routes.embeddings import (
        MAX_EMBEDDING_INPUTS as MAX_EMBEDDING_INPUTS,
        Apart as Apart,
        split_inputs as split_inputs,
    )
    from .routes.files import (
        FILE_HOURS as FILE_HOURS,
        MAX_FILE_BYTES as MAX_FILE_BYTES,
        native_url as native_url,
    )
    from .routes.headers import (
        client_headers as client_headers,
        credentials_for as credentials_for,
        one_credential as one_credential,
    )
    from .routes.media import (
        address_part as address_part,
        data_part as data_part,
        is_upload as is_upload,
        size_trouble as size_trouble,
        upload_part as upload_part,
    )
    from .routes.urls import (
        GEMINI_BASE_URL as GEMINI_BASE_URL,
        compatible_root as compatible_root,
        is_developer_url as is_developer_url,
        is_native as is_native,
        native_roots as native_roots,
        normalise_base_url as normalise_base_url,
        parted_at_root as parted_at_root,
        redirect_target as redirect_target,
    )
    from .routes.vertex_routes import ABSENT_ON_VERTEX as ABSENT_ON_VERTEX
    from .settings import (
        DEFAULT_SETTINGS as DEFAULT_SETTINGS,
        Policy as Policy,
        Settings as Settings,
        make_settings as make_settings,
    )
    from .translation.base import AS_IS as AS_IS, Translation as Translation
    from .translation.translator import Translator as Translator
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            ".chat.answers.chunks": "ChunkAdapter",
            ".chat.answers.finish_reasons": "RAW_FINISH_REASON finish_meaning",
            ".chat.answers.json_in_text": "json_in_text",
            ".chat.answers.patterns": "Pattern",
            ".chat.answers.usage": "NO_TOKENS",
            ".chat.function_names": "with_app_names",
            ".chat.tool_calls": "CallMerger",
            ".refusals.errors": "ErrorReport read_error",
            ".refusals.hints": "Credential",
            ".models": "describe_model path_model",
            ".refusals.no_answers": "error_in_event shown",
            ".notes": (
                "AbsentError AnswerError InvalidRequestError NoAnswerError Note "
                "UnsupportedParameterError"
            ),
            ".routes.alternatives": "advice_on",
            ".routes.batches": (
                "BATCH_ENDPOINTS CHAT_ENDPOINT "
                "EMBEDDINGS_ENDPOINT ENDED_BATCH_STATUSES OutputLine output_file_of output_object "
                "read_output_line"
            ),
            ".routes.embeddings": "Apart MAX_EMBEDDING_INPUTS split_inputs",
            ".routes.files": "FILE_HOURS MAX_FILE_BYTES native_url",
            ".routes.headers": "client_headers credentials_for one_credential",
            ".routes.media": "address_part data_part is_upload size_trouble upload_part",
            ".routes.urls": (
                "GEMINI_BASE_URL compatible_root is_developer_url is_native "
                "native_roots normalise_base_url parted_at_root redirect_target"
            ),
            ".routes.vertex_routes": "ABSENT_ON_VERTEX",
            ".settings": "DEFAULT_SETTINGS Policy Settings make_settings",
            ".translation.base": "AS_IS Translation",
            ".translation.translator": "Translator",
        },
    )
