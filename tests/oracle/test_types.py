"""`openai.types` and `gemini_openai.types`, path for path, name for name, field for field.

What differs on purpose stands in the tables at the top, with the reason; a row that no longer
applies fails too.
"""

from __future__ import annotations

import ast
import collections.abc
import importlib
import inspect
import os
import pkgutil
import types
import typing
from pathlib import Path

import openai.types
import pydantic
import pytest
import typing_extensions

import gemini_openai.types
from gemini_openai._given import Omit

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
    ("chat.completion_create_params", "CompletionCreateParamsBase", "modalities"): "Vertex: image",
    ("chat.completion_create_params", "CompletionCreateParamsBase", "model"): "Gemini's names",
    ("chat.completion_create_params", "CompletionCreateParamsBase", "service_tier"): "standard",
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

ONE_HERE = {
    # a class of either side: the name under which both sides are compared
    "NamedFunction": "Function",  # the other path renames it: one file has room for one `Function`
    "NamedCustom": "Custom",
    "FilePromptCacheBreakpoint": "PromptCacheBreakpoint",  # equal to the others, so it is the same
    "SequenceNotStr": "Sequence",  # theirs is that at run time
    "ModerationOutputError": "ModerationInputError",
    "ModerationOutputModerationResults": "ModerationInputModerationResults",
    "ModerationOutputModerationResultsResult": "ModerationInputModerationResultsResult",
}


def omitted(path: str) -> bool:
    return any(f"{path}.".startswith(start) for start in NOT_MIRRORED)


def paths_below(package: types.ModuleType) -> list[str]:
    """The module paths in a package, relative to it; itself is the empty one."""
    start = f"{package.__name__}."
    found = pkgutil.walk_packages(package.__path__, start)
    return ["", *sorted(module.name.removeprefix(start) for module in found)]


PATHS = [path for path in paths_below(openai.types) if not omitted(path)]


def pair(path: str) -> tuple[types.ModuleType, types.ModuleType]:
    ours, theirs = gemini_openai.types.__name__, openai.types.__name__
    tail = f".{path}" if path else ""
    return importlib.import_module(ours + tail), importlib.import_module(theirs + tail)


def public_names(module: types.ModuleType, path: str) -> set[str]:
    """What a module of openai gives: its `__all__`, or the names it imports to give them on."""
    if hasattr(module, "__path__"):
        tree = ast.parse(Path(inspect.getfile(module)).read_text("utf-8"))
        return {
            alias.asname
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
            if alias.asname and not omitted(home(path, node.module, alias.name))
        }
    return set(module.__all__) | {
        name
        for name, value in vars(module).items()
        if isinstance(value, type) and value.__module__ == module.__name__
        if not name.startswith("_")
    }


def home(package: str, module: str, name: str) -> str:
    """The path at which a package finds a name it gives on."""
    path = f"{package}.{module}".lstrip(".")
    source = importlib.import_module(f"openai.types.{path}")
    if hasattr(source, "__path__"):  # `from .shared import X`: one step further
        tree = ast.parse(Path(inspect.getfile(source)).read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                given = {alias.asname for alias in node.names}
                if name in given:
                    return home(path, node.module, name)
    return path


def pairs_of_things() -> list[tuple[str, str, typing.Any, typing.Any]]:
    return [
        (path, name, getattr(ours, name), getattr(theirs, name))
        for path in PATHS
        for ours, theirs in [pair(path)]
        for name in sorted(public_names(theirs, path))
        if hasattr(ours, name)
    ]


def is_model(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, pydantic.BaseModel)


def is_typed_dict(thing: object) -> bool:
    return typing_extensions.is_typeddict(thing)


THINGS = pairs_of_things()
LEAVES = [thing for thing in THINGS if not hasattr(pair(thing[0])[1], "__path__")]
MODELS = [thing for thing in LEAVES if is_model(thing[3])]
TYPED_DICTS = [thing for thing in LEAVES if is_typed_dict(thing[3])]
ALIASES = [thing for thing in LEAVES if not isinstance(thing[3], type)]


def each(things: list[tuple[str, str, typing.Any, typing.Any]]) -> pytest.MarkDecorator:
    ids = [f"{path}.{name}" for path, name, _, _ in things]
    return pytest.mark.parametrize(("path", "name", "ours", "theirs"), things, ids=ids)


def spelled(hint: typing.Any) -> typing.Any:
    """An annotation as plain data that is equal for equal types, `| Omit` left out."""
    origin, arguments = typing_extensions.get_origin(hint), typing_extensions.get_args(hint)
    if origin in {
        typing.Annotated,
        typing_extensions.Required,
        typing_extensions.NotRequired,
    }:
        return spelled(arguments[0])
    if origin in {typing.Union, types.UnionType}:
        members = {spelled(argument) for argument in arguments if argument is not Omit}
        flat = {
            part for member in members for part in (member[1] if member[0] == "union" else [member])
        }
        return next(iter(flat)) if len(flat) == 1 else ("union", frozenset(flat))
    if origin is typing.Literal:
        return ("literal", frozenset(arguments))
    if origin is os.PathLike or isinstance(hint, typing.ForwardRef):
        return "PathLike"  # of str here, of nothing there; inside an alias it may be quoted
    name = getattr(origin or hint, "__name__", None) or repr(hint)
    name = ONE_HERE.get(name, name)
    return (name, *map(spelled, arguments)) if origin else name


def test_every_row_of_the_table_still_leaves_something_out() -> None:
    paths = paths_below(openai.types)
    idle = [s for s in NOT_MIRRORED if not any(f"{path}.".startswith(s) for path in paths)]
    assert idle == []


def test_nothing_that_is_left_out_is_here() -> None:
    assert [path for path in paths_below(gemini_openai.types) if omitted(path)] == []


@pytest.mark.parametrize("path", PATHS)
def test_the_path_gives_the_same_names(path: str) -> None:
    ours, theirs = pair(path)
    missing = {name for name in public_names(theirs, path) if not hasattr(ours, name)}
    assert missing == set()


def test_packages_list_the_names_they_give() -> None:
    for path in ("", "chat", "shared", "shared_params"):
        ours, theirs = pair(path)
        assert set(ours.__all__) >= public_names(theirs, path), path


def test_what_is_one_class_there_is_one_class_here() -> None:
    seen: dict[int, tuple[str, typing.Any]] = {}
    for path, name, ours, theirs in THINGS:
        if isinstance(theirs, type):
            where, first = seen.setdefault(id(theirs), (f"{path}.{name}", ours))
            assert ours is first, f"{path}.{name} is not {where}"


@each([thing for thing in LEAVES if isinstance(thing[3], type)])
def test_a_class_is_a_class_of_the_same_kind(
    path: str, name: str, ours: type, theirs: type
) -> None:
    assert isinstance(ours, type)
    assert is_model(ours) == is_model(theirs)
    assert is_typed_dict(ours) == is_typed_dict(theirs)


@each(MODELS)
def test_a_result_has_the_same_fields_in_the_same_order(
    path: str, name: str, ours: type[pydantic.BaseModel], theirs: type[pydantic.BaseModel]
) -> None:
    assert list(ours.model_fields) == list(theirs.model_fields)
    for field in theirs.model_fields:
        assert ours.model_fields[field].alias == theirs.model_fields[field].alias


@each(MODELS)
def test_a_result_requires_what_openais_does(
    path: str, name: str, ours: type[pydantic.BaseModel], theirs: type[pydantic.BaseModel]
) -> None:
    excused = {field for where, cls, field in OPTIONAL_HERE if (where, cls) == (path, name)}
    required = {field for field, info in theirs.model_fields.items() if info.is_required()}
    assert excused <= required
    assert {n for n, info in ours.model_fields.items() if info.is_required()} == required - excused


@each(MODELS)
def test_what_openai_does_not_require_has_the_same_default(
    path: str, name: str, ours: type[pydantic.BaseModel], theirs: type[pydantic.BaseModel]
) -> None:
    for field, info in theirs.model_fields.items():
        if not info.is_required():
            assert ours.model_fields[field].default == info.default, field


@each(MODELS)
def test_a_result_has_the_same_types(
    path: str, name: str, ours: type[pydantic.BaseModel], theirs: type[pydantic.BaseModel]
) -> None:
    for field, info in theirs.model_fields.items():
        equal = spelled(ours.model_fields[field].annotation) == spelled(info.annotation)
        assert equal != ((path, name, field) in OTHER_TYPE), field


@each(TYPED_DICTS)
def test_a_parameter_dict_has_the_same_keys_in_the_same_order(
    path: str, name: str, ours: typing.Any, theirs: typing.Any
) -> None:
    assert list(ours.__annotations__) == list(theirs.__annotations__)


@each(TYPED_DICTS)
def test_a_parameter_dict_requires_what_openais_does(
    path: str, name: str, ours: typing.Any, theirs: typing.Any
) -> None:
    # Theirs is all in strings, so `__required_keys__` knows nothing.
    hints = typing_extensions.get_type_hints(theirs, include_extras=True)
    origins = {key: repr(typing_extensions.get_origin(hint)) for key, hint in hints.items()}
    required = {key for key, origin in origins.items() if origin.endswith(".Required")}
    assert ours.__required_keys__ == required
    assert ours.__optional_keys__ == set(hints) - required


@each(TYPED_DICTS)
def test_a_parameter_dict_has_the_same_types(
    path: str, name: str, ours: typing.Any, theirs: typing.Any
) -> None:
    base = name.replace("NonStreaming", "Base").replace("Streaming", "Base")
    here = typing_extensions.get_type_hints(ours, localns={"os": os}, include_extras=True)
    there = typing_extensions.get_type_hints(theirs, include_extras=True)
    for key, hint in there.items():
        differs = (path, name, key) in OTHER_TYPE or (path, base, key) in OTHER_TYPE
        assert (spelled(here[key]) == spelled(hint)) != differs, key


@each(ALIASES)
def test_an_alias_stands_for_the_same(
    path: str, name: str, ours: typing.Any, theirs: typing.Any
) -> None:
    if isinstance(theirs, typing.TypeVar):
        assert isinstance(ours, typing.TypeVar)
    else:
        assert (spelled(ours) == spelled(theirs)) != ((path, name) in OTHER_TYPE)


def test_every_excused_difference_is_of_something_there_is() -> None:
    known = {(path, name) for path, name, _, _ in LEAVES}
    assert {key[:2] for key in [*OPTIONAL_HERE, *OTHER_TYPE]} <= known


def test_the_parameters_of_create_are_those_of_openais_method() -> None:
    from openai.resources.chat.completions import Completions

    from gemini_openai.types.chat.completion_create_params import CompletionCreateParamsBase

    theirs = set(inspect.signature(Completions.create).parameters)
    others = {"self", "stream", "extra_headers", "extra_query", "extra_body", "timeout"}
    assert set(CompletionCreateParamsBase.__annotations__) == theirs - others
    assert CompletionCreateParamsBase.__required_keys__ == {"messages", "model"}
    assert collections.abc.Iterable in {
        typing.get_origin(hint)
        for hint in typing.get_args(CompletionCreateParamsBase.__annotations__["messages"])
    }
