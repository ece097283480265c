"""The names of `openai` and ours, and the parameters behind them, read off both packages.

What differs on purpose stands in `oracle.differences`, with the reason; a row that no longer
applies fails too.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
from typing import Any

import openai
import pytest
from oracle.differences import (
    GEMINI_OPTIONS,
    NOT_AT_THE_ROOT,
    OF_EVERY_METHOD,
    ONLY_HERE,
    RESOURCES,
    SUPPORTED,
)
from oracle.surface import METHODS, USED_BY_OTHERS, parameters, public

import gemini_openai
from gemini_openai import NotSupportedError, RequestOptions
from gemini_openai._call.request import FinalRequestOptions, make_request_options

VARIADIC = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
OPTIONAL = (inspect.Parameter.KEYWORD_ONLY, False)
CLIENTS = [(openai.OpenAI, gemini_openai.OpenAI), (openai.AsyncOpenAI, gemini_openai.AsyncOpenAI)]


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
            added = dict.fromkeys(GEMINI_OPTIONS.get(f"{name}.{method}", "").split(), OPTIONAL)
            if "timeout" in their:
                added |= dict.fromkeys(OF_EVERY_METHOD, OPTIONAL)
            assert {**their, **added} == our, f"{name}.{method}"
            assert not their.keys() & added.keys()


@pytest.mark.parametrize(("module", "name"), RESOURCES)
def test_what_is_awaited_there_is_awaited_here(module: str, name: str) -> None:
    theirs = getattr(importlib.import_module(f"openai.{module}"), f"Async{name}")
    ours = getattr(importlib.import_module(f"gemini_openai.{module}"), f"Async{name}")
    for method in public(theirs):
        if inspect.iscoroutinefunction(inspect.unwrap(getattr(theirs, method))):
            assert inspect.iscoroutinefunction(getattr(ours, method)), method


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


@pytest.mark.parametrize(("module", "names"), USED_BY_OTHERS)
def test_a_name_others_import_or_replace_is_in_both(module: str, names: str) -> None:
    for package in ("openai", "gemini_openai"):
        found = importlib.import_module(f"{package}.{module}")
        for name in names.split():
            value: Any = found
            for part in name.split("."):
                value = getattr(value, part)


@pytest.mark.parametrize("package", ["openai", "gemini_openai"])
def test_a_tracer_that_wraps_classes_finds_those_of_chat_at_one_path(package: str) -> None:
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(f"{package}.resources.beta.chat.completions")


@pytest.mark.parametrize("package", [openai, gemini_openai])
@pytest.mark.parametrize("kind", ["OpenAI", "AsyncOpenAI"])
def test_a_tracer_that_wraps_methods_of_chat_and_of_beta_records_a_call_once(
    package: Any, kind: str
) -> None:
    client = getattr(package, kind)(api_key="k")
    wrapped: list[str] = []
    for completions in (client.chat.completions, client.beta.chat.completions):

        def wrap(method: Any = completions.parse, **given: Any) -> Any:
            wrapped.append(given["model"])
            return method(**given)

        completions.parse = wrap
    with pytest.raises(TypeError):  # no messages
        client.chat.completions.parse(model="m").send(None)
    assert wrapped == ["m"]
    assert client.beta.chat is client.beta.chat


def test_the_options_of_a_request_have_all_names_of_openais() -> None:
    theirs, ours = openai._base_client.make_request_options, make_request_options
    assert inspect.signature(theirs).parameters.keys() <= inspect.signature(ours).parameters.keys()
    assert (
        openai._types.RequestOptions.__annotations__.keys() <= RequestOptions.__annotations__.keys()
    )
    fields = {item.name for item in dataclasses.fields(FinalRequestOptions)}
    assert openai._models.FinalRequestOptions.model_fields.keys() <= fields


def test_options_that_only_openai_has_are_taken() -> None:
    given: dict[str, Any] = {
        "security": {"bearer_auth": True},
        "synthesize_event_and_data": True,
        "stream_mode": "events",
    }
    theirs = openai._base_client.make_request_options(**given)
    assert make_request_options(**given) == theirs == given
    assert make_request_options() == {}


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
