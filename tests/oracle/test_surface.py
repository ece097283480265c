"""The names of `openai` and ours, and the parameters behind them, read off both packages.

What differs on purpose stands in the tables at the top, with the reason; a row that no longer
applies fails too.
"""

from __future__ import annotations

import importlib
import inspect
import warnings
from typing import Any

import openai
import pytest
from openai._resource import AsyncAPIResource, SyncAPIResource

import gemini_openai
from gemini_openai import NotSupportedError

NOT_AT_THE_ROOT = {
    # a name of `openai`: why it is not here
    "AssistantEventHandler": "assistants: Gemini has none",
    "AsyncAssistantEventHandler": "assistants",
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
    "videos.download": "the name under which issue trackers ask for download_content",
}
VARIADIC = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
CLIENTS = [(openai.OpenAI, gemini_openai.OpenAI), (openai.AsyncOpenAI, gemini_openai.AsyncOpenAI)]


def parameters(method: Any) -> dict[str, tuple[Any, bool]]:
    """Name to kind, and whether it must be given."""
    shown = inspect.signature(method).parameters.values()
    return {p.name: (p.kind, p.default is p.empty) for p in shown}


def public(thing: Any) -> set[str]:
    return {name for name in dir(thing) if not name.startswith("_")}


@pytest.mark.parametrize("name", sorted({*openai.__all__, *public(openai)}))
def test_a_name_of_the_package_is_here(name: str) -> None:
    assert hasattr(gemini_openai, name) is (name not in NOT_AT_THE_ROOT or name == "annotations")


def test_what_is_absent_from_the_root_is_in_openai() -> None:
    assert {*openai.__all__, *public(openai)} >= NOT_AT_THE_ROOT.keys()


def test_a_star_import_gives_what_that_of_openai_gives() -> None:
    missing = {*openai.__all__} - {*gemini_openai.__all__}
    assert missing <= {*NOT_AT_THE_ROOT, "types"}


@pytest.mark.parametrize(("theirs", "ours"), CLIENTS, ids=["sync", "async"])
def test_a_client_has_the_same_attributes(theirs: Any, ours: Any) -> None:
    their_client, our_client = theirs(api_key="k"), ours(api_key="k")
    assert public(their_client) - public(our_client) == set()


@pytest.mark.parametrize(("theirs", "ours"), CLIENTS, ids=["sync", "async"])
@pytest.mark.parametrize(
    "name",
    [
        "__init__",
        "copy",
        "with_options",
        "get",
        "post",
        "put",
        "patch",
        "delete",
        "request",
        "get_api_list",
        "close",
        "is_closed",
        "platform_headers",
    ],
)
def test_a_method_of_the_client_takes_the_same(theirs: Any, ours: Any, name: str) -> None:
    their, our = parameters(getattr(theirs, name)), parameters(getattr(ours, name))
    assert {name: our.get(name) for name in their} == their
    # Settings of ours are explained to those who know openai's.
    for setting in our.keys() - their.keys():
        assert name in {"__init__", "copy", "with_options"}
        assert our[setting] == (inspect.Parameter.KEYWORD_ONLY, False)
        assert f"    {setting}: " in inspect.cleandoc(gemini_openai.OpenAI.__doc__ or "")
    assert inspect.iscoroutinefunction(getattr(ours, name)) is inspect.iscoroutinefunction(
        getattr(theirs, name)
    )


@pytest.mark.parametrize(("module", "name"), RESOURCES)
@pytest.mark.parametrize("prefix", ["", "Async"])
def test_a_method_of_a_resource_takes_the_same(module: str, name: str, prefix: str) -> None:
    theirs = getattr(importlib.import_module(f"openai.{module}"), prefix + name)
    ours = getattr(importlib.import_module(f"gemini_openai.{module}"), prefix + name)
    assert public(theirs) - public(ours) == set()
    extra = public(ours) - public(theirs)
    assert {f"{name.lower()}.{one}" for one in extra} <= ONLY_HERE.keys()
    for method in public(theirs):
        if inspect.isfunction(getattr(theirs, method)):
            their, our = parameters(getattr(theirs, method)), parameters(getattr(ours, method))
            assert their == our, f"{name}.{method}"


@pytest.mark.parametrize(("module", "name"), RESOURCES)
def test_what_is_awaited_there_is_awaited_here(module: str, name: str) -> None:
    theirs = getattr(importlib.import_module(f"openai.{module}"), f"Async{name}")
    ours = getattr(importlib.import_module(f"gemini_openai.{module}"), f"Async{name}")
    for method in public(theirs):
        if inspect.iscoroutinefunction(inspect.unwrap(getattr(theirs, method))):
            assert inspect.iscoroutinefunction(getattr(ours, method)), method


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
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        for name in sorted(public(client)):
            value = getattr(client, name)
            if isinstance(value, (SyncAPIResource, AsyncAPIResource)):
                found += methods_of(value, f"{name}.")
    return found


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
METHODS = all_methods(openai.OpenAI(api_key="k"))


def test_the_methods_of_openai_were_found() -> None:
    assert len(METHODS) > 200
    assert set(METHODS) >= SUPPORTED


@pytest.mark.parametrize("path", sorted(set(METHODS) - SUPPORTED))
@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
async def test_a_method_gemini_has_not_says_so_when_called(path: str, is_async: bool) -> None:
    client: Any = (gemini_openai.AsyncOpenAI if is_async else gemini_openai.OpenAI)(api_key="k")
    method = client
    for name in path.split("."):
        method = getattr(method, name)
    ours = parameters(method)
    given = {name: "x" for name, (kind, must) in ours.items() if must and kind not in VARIADIC}

    async def call() -> None:
        result = method(**given)
        if inspect.isawaitable(result):
            await result

    with pytest.raises(NotSupportedError) as caught:
        await call()
    # `beta.chat` is `chat`.
    assert caught.value.feature == path.replace("beta.chat.", "chat.")
    assert caught.value.feature in str(caught.value)
    assert caught.value.advice in str(caught.value)
    assert len(caught.value.advice) > 20


@pytest.mark.parametrize(
    ("module", "names"),
    [
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
    ],
)
def test_a_name_others_import_or_replace_is_in_both(module: str, names: str) -> None:
    for package in ("openai", "gemini_openai"):
        found = importlib.import_module(f"{package}.{module}")
        for name in names.split():
            value: Any = found
            for part in name.split("."):
                value = getattr(value, part)


def test_a_module_openai_had_before_1_92_is_here() -> None:
    old = importlib.import_module("gemini_openai.resources.beta.chat.completions")
    new = importlib.import_module("gemini_openai.resources.chat.completions")
    assert old.Completions is new.Completions
    assert old.AsyncCompletions is new.AsyncCompletions


@pytest.mark.parametrize("name", ["SyncPage", "AsyncPage", "SyncCursorPage", "AsyncCursorPage"])
def test_a_page_has_the_same_methods_and_fields(name: str) -> None:
    import openai.pagination

    import gemini_openai.pagination

    theirs: Any = getattr(openai.pagination, name)
    ours: Any = getattr(gemini_openai.pagination, name)
    assert list(theirs.model_fields) == list(ours.model_fields)
    own = public(theirs) - public(openai.BaseModel)
    assert own <= public(ours)
    for method in own:
        assert parameters(getattr(theirs, method)) == parameters(getattr(ours, method))
