"""What there is in `openai` and in us, read off both: names, methods, parameters, types."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import os
import pkgutil
import typing
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openai
import openai.types
import pydantic
import typing_extensions
from openai._resource import AsyncAPIResource, SyncAPIResource
from oracle.differences import NOT_AT_THE_ROOT, NOT_MIRRORED, OTHER_TYPE, RESOURCES

import gemini_openai
import gemini_openai.types

if TYPE_CHECKING:
    import types


def parameters(method: Any) -> dict[str, tuple[Any, bool]]:
    """Name to kind, and whether it must be given."""
    shown = inspect.signature(method).parameters.values()
    return {p.name: (p.kind, p.default is p.empty) for p in shown}


def public(thing: Any) -> set[str]:
    return {name for name in dir(thing) if not name.startswith("_")}


def members(cls: Any) -> set[str]:
    """The public names of a class, those that are only annotated included."""
    annotated = [name for kind in cls.__mro__ for name in inspect.get_annotations(kind)]
    return public(cls) | {name for name in annotated if not name.startswith("_")}


def methods_of(resource: Any, path: str) -> list[str]:
    """The paths of all methods below a resource of openai, views left out."""
    found = []
    for name in sorted(public(resource)):
        if name.startswith("with_"):
            continue
        value = getattr(resource, name)
        if isinstance(value, (SyncAPIResource, AsyncAPIResource)):
            found += methods_of(value, f"{path}{name}.")
        elif callable(value) and path:
            found.append(path + name)
    return found


def all_methods(client: Any) -> list[str]:
    """The paths of all methods of all resources of a client of openai."""
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        for name in sorted(public(client)):
            value = getattr(client, name)
            if isinstance(value, (SyncAPIResource, AsyncAPIResource)):
                found += methods_of(value, f"{name}.")
    return found


METHODS = all_methods(openai.OpenAI(api_key="k"))


def omitted(path: str) -> bool:
    """Whether a module path below `openai.types` is not here."""
    return any(f"{path}.".startswith(start) for start in NOT_MIRRORED)


def paths_below(package: types.ModuleType) -> list[str]:
    """The module paths in a package, relative to it; itself is the empty one."""
    start = f"{package.__name__}."
    found = pkgutil.walk_packages(package.__path__, start)
    return ["", *sorted(module.name.removeprefix(start) for module in found)]


PATHS = [path for path in paths_below(openai.types) if not omitted(path)]


def is_here(path: str) -> bool:
    """Whether we have a module at a path below `types`."""
    return (
        not path or importlib.util.find_spec(f"{gemini_openai.types.__name__}.{path}") is not None
    )


def pair(path: str) -> tuple[types.ModuleType, types.ModuleType]:
    """Our module at a path below `types`, and openai's."""
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


def pairs_of_things() -> list[tuple[str, str, Any, Any]]:
    """Path, name, ours and openai's, of all that both have."""
    return [
        (path, name, getattr(ours, name), getattr(theirs, name))
        for path in PATHS
        if is_here(path)
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


def unknown_names() -> list[str]:
    """What the installed `openai` has in our scope, and neither we nor the tables know of."""
    return sorted({*unknown_at_the_root(), *unknown_in_resources(), *unknown_types()})


def unknown_at_the_root() -> list[str]:
    found = [
        f"openai.{name}"
        for name in {*openai.__all__, *public(openai)} - NOT_AT_THE_ROOT.keys()
        if not hasattr(gemini_openai, name)
    ]
    for kind in ("OpenAI", "AsyncOpenAI"):
        theirs, ours = (getattr(p, kind)(api_key="k") for p in (openai, gemini_openai))
        found += [f"{kind}.{name}" for name in public(theirs) - public(ours)]
        for name in ("__init__", *(public(theirs) & public(ours))):
            found += unknown_parameters(f"{kind}.{name}", type(theirs), type(ours), name)
    return found


def unknown_in_resources() -> list[str]:
    found = []
    for module, name in RESOURCES:
        for kind in (name, f"Async{name}"):
            theirs, ours = (
                getattr(importlib.import_module(f"{package.__name__}.{module}"), kind)
                for package in (openai, gemini_openai)
            )
            found += [f"{kind}.{method}" for method in public(theirs) - public(ours)]
            for method in public(theirs) & public(ours):
                found += unknown_parameters(f"{kind}.{method}", theirs, ours, method)
    return found


def unknown_parameters(shown: str, theirs: type, ours: type, name: str) -> list[str]:
    their, our = getattr(theirs, name, None), getattr(ours, name, None)
    if not inspect.isfunction(their) or not inspect.isfunction(our):
        return []
    return [f"{shown}({one}=…)" for one in parameters(their).keys() - parameters(our).keys()]


def unknown_types() -> list[str]:
    """Modules, classes, fields and values of literals below `openai.types`."""
    found = [f"openai.types.{path}" for path in PATHS if not is_here(path)]
    for path in filter(is_here, PATHS):
        ours, theirs = pair(path)
        where = f"openai.types.{path}".rstrip(".")
        found += [f"{where}.{n}" for n in public_names(theirs, path) if not hasattr(ours, n)]
    for path, name, our, their in LEAVES:
        where = f"openai.types.{path}.{name}"
        if not (is_model(their) or is_typed_dict(their)):
            if (path, name) not in OTHER_TYPE:
                found += [f"{where}: {value!r}" for value in literals(their) - literals(our)]
            continue
        here, there = fields(our), fields(their)
        found += [f"{where}.{field}" for field in there.keys() - here.keys()]
        found += [
            f"{where}.{field}: {value!r}"
            for field in there.keys() & here.keys()
            if not has_other_type(path, name, field)
            for value in literals(there[field]) - literals(here[field])
        ]
    return found


def has_other_type(path: str, name: str, field: str) -> bool:
    """Whether a table says that a field has another type here."""
    base = name.replace("NonStreaming", "Base").replace("Streaming", "Base")
    return (path, name, field) in OTHER_TYPE or (path, base, field) in OTHER_TYPE


def fields(thing: Any) -> dict[str, Any]:
    """The fields of a model or the keys of a `TypedDict`, with their types."""
    if is_model(thing):
        return {name: field.annotation for name, field in thing.model_fields.items()}
    return typing_extensions.get_type_hints(thing, localns={"os": os})


def literals(hint: Any) -> set[Any]:
    """The values of all `Literal[...]` within an annotation."""
    arguments = typing_extensions.get_args(hint)
    if typing_extensions.get_origin(hint) is typing.Literal:
        return set(arguments)
    return {value for argument in arguments for value in literals(argument)}


USED_BY_OTHERS = [
    # module, names that well-known packages import, wrap or replace
    ("resources", "Chat AsyncChat Completions AsyncCompletions Embeddings AsyncEmbeddings"),
    ("resources", "Images AsyncImages Models AsyncModels Batches AsyncBatches Files"),
    ("resources", "AsyncFiles Beta AsyncBeta Moderations AsyncModerations Videos AsyncVideos"),
    ("resources.completions", "Completions.create AsyncCompletions.create"),
    ("resources.moderations", "Moderations.create AsyncModerations.create"),
    ("resources.responses", "Responses.create Responses.parse Responses.retrieve"),
    ("resources.responses", "AsyncResponses.create AsyncResponses.cancel"),
    ("resources.responses.responses", "Responses AsyncResponses"),
    ("resources.chat.completions", "Completions.create AsyncCompletions.create Messages"),
    ("resources.beta.assistants", "Assistants.create"),
    ("resources.beta.threads", "Messages AsyncMessages Runs Threads"),
    ("resources.beta.threads.runs", "Runs.create Runs.retrieve Runs.create_and_stream"),
    ("resources.beta.threads.messages", "Messages.list"),
    ("resources.beta.realtime.realtime", "Realtime.connect AsyncRealtime.connect"),
    ("resources.realtime.realtime", "Realtime.connect AsyncRealtime.connect"),
    ("pagination", "SyncPage AsyncPage SyncCursorPage AsyncCursorPage"),
    ("pagination", "BasePage BaseSyncPage BaseAsyncPage PageInfo"),
    ("version", "VERSION"),
    ("_base_client", "SyncAPIClient AsyncAPIClient BaseClient make_request_options"),
    ("_base_client", "AsyncPaginator PageInfo BasePage _AsyncStreamT _StreamT"),
    ("_constants", "RAW_RESPONSE_HEADER DEFAULT_MAX_RETRIES"),
    ("_models", "BaseModel FinalRequestOptions construct_type"),
    ("_streaming", "Stream AsyncStream SSEDecoder ServerSentEvent"),
    ("_types", "NOT_GIVEN NotGiven Omit omit Body Query FileTypes RequestOptions"),
    ("_types", "ResponseT NoneType SequenceNotStr"),
    ("lib._old_api", "APIRemovedInV1"),
    ("lib.azure", "AzureOpenAI AsyncAzureOpenAI"),
    ("_module_client", "chat embeddings"),
    ("_legacy_response", "LegacyAPIResponse HttpxBinaryResponseContent"),
    ("_models", "construct_type_unchecked"),
    ("_response", "APIResponse AsyncAPIResponse"),
    ("_types", "Response"),
    ("lib._parsing._completions", "is_basemodel_type type_to_response_format_param"),
    ("lib._pydantic", "to_strict_json_schema"),
    ("lib.streaming.chat._completions", "ChatCompletionStreamState"),
    ("_base_client", "BaseClient._build_request BaseClient._make_status_error_from_response"),
    ("_base_client", "SyncAPIClient._process_response AsyncAPIClient._process_response"),
]
