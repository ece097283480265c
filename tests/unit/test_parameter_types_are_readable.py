"""Parameter types are read at run time too: by pydantic, by FastAPI, by whoever asks for hints."""

from __future__ import annotations

import typing
from typing import Any, get_args

import pydantic
import pytest
import typing_extensions

from gemini_openai import OpenAI
from gemini_openai.types import (
    BatchCreateParams,
    BatchListParams,
    ChatModel,
    EmbeddingCreateParams,
    EmbeddingModel,
    FileListParams,
    ImageGenerateParams,
    ImageModel,
    VideoModel,
)
from gemini_openai.types.chat import (
    ChatCompletionMessageParam,
    ChatCompletionToolChoiceOptionParam,
    ChatCompletionToolUnionParam,
    CompletionCreateParams,
)
from gemini_openai.types.chat.completion_create_params import CompletionCreateParamsBase


@pytest.mark.parametrize(
    "part",
    [ChatCompletionMessageParam, ChatCompletionToolUnionParam, ChatCompletionToolChoiceOptionParam],
    ids=["messages", "tools", "tool choice"],
)
def test_pydantic_reads_the_parts_of_a_request(part: typing.Any) -> None:
    assert pydantic.TypeAdapter(part).json_schema()


def test_a_model_of_someone_elses_may_have_messages_as_a_field() -> None:
    request = pydantic.create_model("Request", messages=(list[ChatCompletionMessageParam], ...))
    sent = {"messages": [{"role": "user", "content": "Say hello!"}]}
    assert request.model_validate(sent).model_dump() == sent
    with pytest.raises(pydantic.ValidationError):
        request.model_validate({"messages": [{"role": "nobody", "content": "Say hello!"}]})


def test_the_members_of_a_union_are_classes() -> None:
    members = typing.get_args(ChatCompletionMessageParam)
    assert len(members) == 6
    assert all(typing_extensions.is_typeddict(member) for member in members)


@pytest.mark.parametrize(
    "params",
    [
        CompletionCreateParams,
        EmbeddingCreateParams,
        ImageGenerateParams,
        BatchCreateParams,
        BatchListParams,
        FileListParams,
    ],
)
def test_pydantic_reads_the_parameters_of_a_method(params: typing.Any) -> None:
    schema = pydantic.TypeAdapter(params).json_schema()
    assert "Omit" not in str(schema)


def test_hints_and_required_keys_agree() -> None:
    hints = typing_extensions.get_type_hints(CompletionCreateParamsBase, include_extras=True)
    assert list(hints) == list(CompletionCreateParamsBase.__annotations__)
    assert CompletionCreateParamsBase.__required_keys__ == {"messages", "model"}


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (ChatModel, "chat"),
        (EmbeddingModel, "embedding"),
        (ImageModel, "image"),
        (get_args(VideoModel)[1], "video"),
    ],
)
def test_the_models_that_editors_suggest_are_served(names: Any, kind: str) -> None:
    client = OpenAI(api_key="k")
    for name in get_args(names):
        info = client.models.info(name)
        assert info.kind == kind
        assert info.facts_of == name or name.endswith("-latest")
        assert info.successor is None or kind == "embedding"
