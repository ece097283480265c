"""Each switch of the table of repairs, on a client that talks to the emulator: on, and off."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
import pytest
from dialect.programs import WEATHER, rebuilt, step, user, with_quirks
from pydantic import BaseModel, ValidationError

from gemini_openai import Client, GeminiWarning, OpenAIError
from gemini_openai.dialect.table import REPAIRS
from gemini_openai.emulator import Answer, Call, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import World

    from gemini_openai.emulator import Emulator

    Act = Callable[[Client, Emulator], object]

FLASH = "gemini-2.5-flash"
GEMINI_3 = "gemini-3-pro-preview"
PLACEHOLDER = "skip_thought_signature_validator"
CITIES = "What is the weather in Oslo and Rome?"
THOUGHTS: Any = {"google": {"thinking_config": {"include_thoughts": True}}}
CONSTANT = {"type": "object", "properties": {"a": {"const": "b"}}}
SYSTEM = {"role": "system", "content": "Be brief."}
OLDER_CALL = {"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}}
NO_ARGUMENTS = {"role": "assistant", "tool_calls": [rebuilt("a", "look_a", "")]}
TOOL = {"type": "function", "function": {"name": "f", "parameters": CONSTANT}}


class Error(NamedTuple):
    """A call that fails: the name of the class, and words of the message."""

    kind: str
    words: str = ""


class Case(NamedTuple):
    """What a program does, and what it sees with the repair and without."""

    act: Act
    on: object
    off: object


# --- what is sent ---


def sent(see: Callable[[dict[str, Any]], object], **request: Any) -> Act:
    """What `see` sees in the body of each chat request that goes out."""

    def act(client: Client, emulator: Emulator) -> object:
        client.chat.completions.create(**{"model": FLASH, "messages": [user("Hello")], **request})
        return [see(received.json) for received in emulator.requests]

    return act


def history(see: Callable[[dict[str, Any]], object], *messages: Any, model: str = FLASH) -> Act:
    """What `see` sees in each message of the request that goes out."""
    return sent(lambda body: [see(m) for m in body["messages"]], messages=messages, model=model)


def result(id: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": id, "content": "found"}


def role(message: dict[str, Any]) -> object:
    return message["role"]


def called_with_prefix(client: Client, emulator: Emulator) -> object:
    """The names of the functions that Gemini calls, as the app sees them."""
    emulator.script(Answer(calls=[Call("default_api.look")]))
    look = {"type": "function", "function": {"name": "look"}}
    answer = client.chat.completions.create(model=FLASH, messages=[user("Hello")], tools=[look])
    return [call.function.name for call in answer.choices[0].message.tool_calls or []]


def arguments(message: dict[str, Any]) -> object:
    return [call["function"]["arguments"] for call in message.get("tool_calls", ())]


def signed_again(client: Client, emulator: Emulator) -> object:
    """Whether a call of a history that was rebuilt by hand has its signature on the wire."""
    emulator.script(Answer(calls=[Call("look_a", signature="c2lnbmVk")]))
    messages: list[Any] = [user("Hello")]
    answer = client.chat.completions.create(model=GEMINI_3, messages=messages)
    (made,) = answer.choices[0].message.tool_calls or []
    again = {"role": "assistant", "tool_calls": [rebuilt(made.id, "look_a", "{}")]}
    client.chat.completions.create(model=GEMINI_3, messages=[*messages, again, result(made.id)])
    (call,) = emulator.requests[-1].json["messages"][1]["tool_calls"]
    return call["extra_content"]["google"]["thought_signature"]


def corrupted(client: Client, emulator: Emulator) -> object:
    """The signature that is taken of a call that another model made."""
    again = {"role": "assistant", "tool_calls": [signed_by("from-elsewhere")]}
    client.chat.completions.create(model=GEMINI_3, messages=[user("Hi"), again, result("a")])
    (call,) = emulator.requests[-1].json["messages"][1]["tool_calls"]
    return call["extra_content"]["google"]["thought_signature"]


def signed_by(signature: str) -> dict[str, Any]:
    extra = {"google": {"thought_signature": signature}}
    return {**rebuilt("a", "look_a", "{}"), "extra_content": extra}


def on_vertex(see: Callable[[Any], object], **request: Any) -> Act:
    """What `see` sees of a request to Vertex."""

    def act(client: Client, emulator: Emulator) -> object:
        there = Client(
            vertexai=True,
            project="p",
            api_key=emulator.google.issue(),
            base_url=emulator.origin,
            repairs=dict.fromkeys(client._settings.dialect.off, False),
            http_client=httpx.Client(verify=False),
        )
        with there:
            made = {"model": FLASH, "messages": [user("Hello")], **request}
            there.chat.completions.create(**made)
        return see(emulator.requests[-1])

    return act


def with_two_keys(client: Client, emulator: Emulator) -> object:
    client.with_options(default_query={"key": "any-key"}).models.list()
    return emulator.requests[-1].query


# --- what comes back ---


def answer(see: Callable[[Any], object], quirks: str = "", **request: Any) -> Act:
    """What `see` sees in a whole answer."""

    def act(client: Client, emulator: Emulator) -> object:
        made = {"model": FLASH, "messages": [user(CITIES)], **request}
        return see(client.chat.completions.create(**made, extra_headers=with_quirks(quirks)))

    return act


def chunks(see: Callable[[Any], object], quirks: str = "", **request: Any) -> Act:
    """What `see` sees in each chunk of a streamed answer."""

    def act(client: Client, emulator: Emulator) -> object:
        made = {"model": FLASH, "messages": [user(CITIES)], **request}
        made["extra_headers"] = with_quirks(quirks)
        return [see(chunk) for chunk in client.chat.completions.create(**made, stream=True)]

    return act


def calls(chunk: Any) -> list[Any]:
    return chunk.choices[0].delta.tool_calls or []


def finish(answer: Any) -> Any:
    """Of a chunk, or of a whole answer."""
    return answer.choices[0].finish_reason


class Found(BaseModel):
    answer: str


def parsed_from_a_fence(client: Client, emulator: Emulator) -> object:
    emulator.script(Answer('```json\n{"answer": "42"}\n```'))
    try:
        made = client.chat.completions.parse(
            model=FLASH, messages=[user("Hello")], response_format=Found
        )
    except ValidationError:
        return None
    return made.choices[0].message.parsed


def text_of_created(client: Client, emulator: Emulator) -> object:
    """`created`, in an answer that is taken as a dict: a model would make a number of it."""
    emulator.script(Reply(json={"id": "x", "created": "5", "choices": []}))
    body = {"model": FLASH, "messages": [user("Hello")]}
    return client.post("/chat/completions", cast_to=dict, body=body)["created"]


def error_with_200(client: Client, emulator: Emulator) -> object:
    error = {"code": 429, "message": "all gone", "status": "RESOURCE_EXHAUSTED"}
    emulator.script(Reply(json={"error": error}))
    return client.models.retrieve("m").to_dict()["error"]["message"]


def called(see: Callable[[Any], object], quirk: str, *calls: Call) -> Act:
    """What `see` sees in the calls of a whole answer."""

    def act(client: Client, emulator: Emulator) -> object:
        emulator.script(Answer(calls=list(calls)))
        made = client.chat.completions.create(
            model=FLASH, messages=[user("Hello")], extra_headers=with_quirks(quirk)
        )
        return [see(call) for call in made.choices[0].message.tool_calls or ()]

    return act


def status_of_a_video(client: Client, emulator: Emulator) -> object:
    emulator.script(Reply(json={"id": "v", "status": "processing"}))
    return client.videos.retrieve("v").status


def embedded(see: Callable[[Any], object], inputs: Any, quirks: str = "") -> Act:
    """What `see` sees in the answer to an embeddings request, and how many requests it took."""

    def act(client: Client, emulator: Emulator) -> object:
        made = client.embeddings.create(
            model="gemini-embedding-001",
            dimensions=1,
            input=inputs,
            extra_headers=with_quirks(quirks),
        )
        return see(made), len(emulator.requests)

    return act


def format_sent(client: Client, emulator: Emulator) -> object:
    client.embeddings.create(model="gemini-embedding-001", input="a")
    return emulator.requests[-1].json.get("encoding_format")


def drawn(client: Client, emulator: Emulator) -> object:
    made = client.images.generate(model="imagen-4.0-generate-001", prompt="A tree")
    return made.created > 1_700_000_000


def list_of_files(client: Client, emulator: Emulator) -> object:
    client.files.list()
    return emulator.requests[-1].path


def state_of_a_batch(client: Client, emulator: Emulator) -> object:
    emulator.script(Reply(json={"id": "batches/b", "status": "BATCH_STATE_RUNNING"}))
    return client.batches.retrieve("batches/b").status


def misspelt(client: Client, emulator: Emulator) -> object:
    client.models.list()
    try:
        client.chat.completions.create(model="gemini2.5-flash", messages=[user("Hello")])
    except OpenAIError as error:
        return "Did you mean" in str(error)
    return None


def hinted(client: Client, emulator: Emulator) -> object:
    search: Any = {"google_search": {}}
    try:
        client.chat.completions.create(model=FLASH, messages=[user("Hello")], tools=[search])
    except OpenAIError as error:
        return "google-genai" in str(error)
    return None


CASES = {
    "model-names": Case(
        sent(lambda body: body["model"], model="google/gemini-2.5-flash"),
        [FLASH],
        Error("BadRequestError", "unexpected model name format"),
    ),
    # Without the table the refusal is what one learns from, which takes a request more.
    "parameters": Case(sent(lambda body: "seed" in body, seed=7), [False], [True, False]),
    "unknown-names": Case(
        sent(lambda body: "min_p" in body, extra_body={"min_p": 1}),
        [True, False],
        Error("BadRequestError", "min_p"),
    ),
    "gemini-options": Case(
        sent(lambda body: sorted(body.keys() - {"model", "messages"}), extra_body=THOUGHTS),
        [["extra_body"]],
        [["google"], []],
    ),
    "safety-settings": Case(
        sent(lambda body: body["extra_body"]["google"], extra_body={"safety_settings": []}),
        Error("UnsupportedParameterError", "an option of Vertex AI"),
        [{"safety_settings": []}, {}],
    ),
    "reasoning-effort": Case(
        sent(lambda body: body["reasoning_effort"], reasoning_effort="max"),
        ["high"],
        Error("BadRequestError", "Invalid reasoning_effort: max"),
    ),
    "thinking-conflict": Case(
        sent(lambda body: body.keys() - {"model"}, reasoning_effort="low", extra_body=THOUGHTS),
        [{"messages", "extra_body"}],
        Error("BadRequestError", "found both"),
    ),
    "model-limits": Case(
        sent(lambda body: "n" in body, model="gemini-4-neon", n=2),
        [False],
        Error("BadRequestError", "Multiple candidates"),
    ),
    "service-tier": Case(
        on_vertex(
            lambda request: request.headers.get("x-vertex-ai-llm-shared-request-type"),
            service_tier="flex",
        ),
        "flex",
        None,
    ),
    "google-tools": Case(
        on_vertex(lambda request: "tools" in request.json, tools=[{"google_search": {}}]),
        False,
        Error("BadRequestError", "invalid argument"),
    ),
    "thought-tag": Case(
        on_vertex(
            lambda request: sorted(request.json["extra_body"]["google"]),
            extra_body={"include_thoughts": True},
        ),
        ["thinking_config", "thought_tag_marker"],
        ["thinking_config"],
    ),
    "request-shapes": Case(
        history(role, {"role": "bot", "content": "Hello"}),
        Error("InvalidRequestError", "messages[0].role is 'bot'"),
        Error("BadRequestError", "valid role"),
    ),
    "nulls": Case(
        sent(lambda body: "stop" in body, stop=None),
        [False],
        Error("BadRequestError", "Value is not a string: null"),
    ),
    "legacy-functions": Case(
        history(role, user("Hi"), OLDER_CALL, {"role": "function", "name": "f", "content": "1"}),
        [["user", "assistant", "tool"]],
        Error("BadRequestError", ""),
    ),
    "developer-role": Case(
        history(role, {"role": "developer", "content": "Be brief"}, user("Hello")),
        [["system", "user"]],
        [["developer", "user"]],
    ),
    "empty-parts": Case(
        history(role, user("Hi"), {"role": "assistant", "content": ""}, user("Hello")),
        [["user", "user"]],
        Error("BadRequestError", "invalid argument"),
    ),
    "call-arguments": Case(
        history(arguments, user("Hi"), NO_ARGUMENTS, result("a")),
        [[[], ["{}"], []]],
        Error("BadRequestError", "Expected a valid JSON object"),
    ),
    "history-call-ids": Case(
        history(lambda m: m.get("tool_call_id") == "", user("Hi"), step(""), result("")),
        [[False, False, False]],
        [[False, False, True]],
    ),
    "tool-result-order": Case(
        history(role, user("Hi"), result("a"), step("a")),
        [["user", "assistant", "tool"]],
        Error("BadRequestError", "Name cannot be empty"),
    ),
    "tool-result-names": Case(
        history(lambda m: m.get("name"), user("Hi"), step("a"), result("a")),
        [[None, None, "look_a"]],
        [[None, None, None]],
    ),
    "text-beside-calls": Case(
        on_vertex(
            lambda request: request.json["messages"][1].get("content"),
            model="gemini-3.5-flash-lite",
            messages=[
                user("Hi"),
                {"role": "assistant", "content": "Wait.", "tool_calls": [signed_by("c2lnbmVk")]},
                result("a"),
            ],
        ),
        None,
        Error("BadRequestError", "invalid argument"),
    ),
    "system-only": Case(
        history(role, {"role": "system", "content": "Hello"}),
        [["user"]],
        Error("BadRequestError", "contents is not specified"),
    ),
    "system-messages": Case(
        history(role, SYSTEM, SYSTEM, user("Hello")),
        [["system", "user"]],
        [["system", "system", "user"]],
    ),
    "thought-signatures": Case(signed_again, "c2lnbmVk", PLACEHOLDER),
    "signature-placeholder": Case(
        history(
            lambda m: PLACEHOLDER in str(m), user("Hi"), step("a"), result("a"), model=GEMINI_3
        ),
        [[False, True, False]],
        Error("BadRequestError", "missing a thought_signature"),
    ),
    "corrupted-signatures": Case(
        corrupted, PLACEHOLDER, Error("BadRequestError", "Corrupted thought signature")
    ),
    "schemas": Case(
        sent(lambda body: body["tools"][0]["function"]["parameters"]["properties"], tools=[TOOL]),
        [{"a": {"type": "string", "enum": ["b"]}}],
        Error("BadRequestError", "invalid argument"),
    ),
    "camel-case": Case(chunks(finish, "finish_reason_camel_case"), [None, "stop"], [None, None]),
    "choices": Case(
        answer(lambda made: made.choices and made.choices[0].finish_reason, "choices_null"),
        "content_filter",
        None,
    ),
    "errors-in-answers": Case(error_with_200, Error("RateLimitError", "all gone"), "all gone"),
    "missing-fields": Case(
        answer(lambda made: "message" in made.to_dict()["choices"][0], "prompt_blocked"),
        True,
        False,
    ),
    "content-parts": Case(
        answer(lambda made: type(made.choices[0].message.content), "content_in_parts"), str, list
    ),
    "finish-reasons": Case(
        answer(finish, "prompt_blocked"),
        "content_filter",
        "content_filter: PROHIBITED_CONTENT",
    ),
    "tool-calls-finish": Case(
        chunks(finish, tools=[WEATHER]), [None, "tool_calls"], [None, "stop"]
    ),
    "usage": Case(
        answer(lambda made: (made.usage.completion_tokens, made.usage.total_tokens)),
        (79, 89),
        (15, 89),
    ),
    "thoughts": Case(
        answer(lambda made: made.choices[0].message.content[:10], extra_body=THOUGHTS),
        "[emulator]",
        "<thought>*",
    ),
    "tool-call-ids": Case(
        answer(
            lambda made: [call.id[:5] for call in made.choices[0].message.tool_calls],
            "empty_tool_call_ids",
            tools=[WEATHER],
        ),
        ["call_", "call_"],
        ["", ""],
    ),
    "tool-call-arguments": Case(
        called(lambda call: call.function.arguments, "empty_arguments", Call("f", "{}")),
        ["{}"],
        [""],
    ),
    "repeated-calls": Case(
        called(lambda call: call.function.name, "calls_repeated", Call("f"), Call("g")),
        ["f", "g"],
        ["f", "f", "g", "g"],
    ),
    "created": Case(text_of_created, 5, "5"),
    "tool-call-deltas": Case(
        chunks(lambda chunk: [call.index for call in calls(chunk)], tools=[WEATHER]),
        [[0], [1]],
        [[0], [0]],
    ),
    "one-call-a-delta": Case(chunks(lambda c: len(calls(c)), tools=[WEATHER]), [1, 1], [2]),
    "usage-chunk": Case(
        chunks(
            lambda chunk: (len(chunk.choices), chunk.usage.total_tokens > 0),
            stream_options={"include_usage": True},
        ),
        [(1, False), (1, False), (0, True)],
        [(1, True), (1, True)],
    ),
    "chunk-ids": Case(
        chunks(lambda chunk: chunk.id[:9], "chunk_ids_missing"), ["chatcmpl-"] * 2, [""] * 2
    ),
    "json-in-text": Case(parsed_from_a_fence, Found(answer="42"), None),
    "embedding-tokens": Case(
        embedded(len, [[1, 2]]),
        Error("InvalidRequestError", "token ids"),
        Error("BadRequestError", "invalid argument"),
    ),
    "embedding-texts": Case(
        embedded(len, ["a", {"text": "b"}]),
        Error("InvalidRequestError", "input[1] is an object"),
        Error("BadRequestError", "invalid argument"),
    ),
    "embedding-format": Case(format_sent, "float", None),
    "embedding-batches": Case(
        embedded(lambda made: len(made.data), ["a"] * 101),
        (101, 2),
        Error("BadRequestError", "at most 100 requests"),
    ),
    "embedding-fields": Case(
        embedded(lambda made: made.to_dict().keys() - {"object", "model"}, ["a", "b"]),
        ({"data", "usage"}, 1),
        ({"data"}, 1),
    ),
    "embedding-count": Case(
        embedded(lambda made: len(made.data), ["a", "b"], "embeddings_fused"),
        Error("APIResponseValidationError", "1 vectors for 2 texts"),
        (1, 1),
    ),
    "image-fields": Case(drawn, True, False),
    "videos": Case(status_of_a_video, "in_progress", "processing"),
    "files": Case(list_of_files, "/v1beta/files", Error("NotFoundError")),
    "batches": Case(state_of_a_batch, "in_progress", "BATCH_STATE_RUNNING"),
    "model-list": Case(
        lambda client, emulator: client.models.list().data[1].id, FLASH, f"models/{FLASH}"
    ),
    "model-suggestions": Case(misspelt, True, False),
    "hints": Case(hinted, True, False),
    "one-credential": Case(with_two_keys, {}, Error("BadRequestError", "Multiple auth")),
    "json-beside-tools": Case(
        sent(
            lambda body: [message["role"] for message in body["messages"]],
            tools=[TOOL],
            response_format={"type": "json_object"},
        ),
        [["system", "user"]],
        Error("BadRequestError", "response mime type"),
    ),
    "function-names": Case(
        sent(lambda body: body["tools"], tools=[{"type": "function", "function": {"name": "1"}}]),
        [[{"type": "function", "function": {"name": "_1"}}]],
        Error("BadRequestError", "Invalid function name"),
    ),
    "function-prefix": Case(called_with_prefix, ["look"], ["default_api.look"]),
    # One of the rules for schemas, all of which are told the same way.
    "schema-const": Case(
        sent(lambda body: body["tools"][0]["function"]["parameters"]["properties"], tools=[TOOL]),
        [{"a": {"type": "string", "enum": ["b"]}}],
        Error("BadRequestError", "invalid argument"),
    ),
}


@pytest.fixture
def base(emulator: Emulator) -> Iterator[dict[str, Any]]:
    """The options of a client that remembers nothing yet."""
    with httpx.Client(verify=False) as http:
        yield {
            "api_key": "any-key",
            "base_url": emulator.base_url,
            "max_retries": 0,
            "http_client": http,
        }


def check(case: Case, wanted: object, client: Client, emulator: Emulator) -> None:
    emulator.reset()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GeminiWarning)
        if not isinstance(wanted, Error):
            assert case.act(client, emulator) == wanted
            return
        with pytest.raises(OpenAIError) as caught:
            case.act(client, emulator)
    assert type(caught.value).__name__ == wanted.kind
    assert wanted.words in str(caught.value)


def test_every_repair_has_its_case() -> None:
    assert {row.name for row in REPAIRS} == CASES.keys() - {"schema-const"}


@pytest.mark.parametrize("name", CASES)
def test_a_repair_is_made_unless_it_is_switched_off(
    base: dict[str, Any], emulator: Emulator, name: str
) -> None:
    case = CASES[name]
    assert case.on != case.off
    check(case, case.on, Client(**base), emulator)
    check(case, case.off, Client(**base, repairs={name: False}), emulator)
    check(case, case.off, Client(**base).with_options(repairs={name: False}), emulator)
    check(case, case.on, Client(**base, repairs=False).with_options(repairs=True), emulator)


async def test_a_switch_counts_in_each_world(world: World) -> None:
    async def completion_tokens(**options: Any) -> int:
        answer = await world.ask(
            lambda c: c.chat.completions.create(model=FLASH, messages=[user(CITIES)]), **options
        )
        tokens: int = answer.usage.completion_tokens
        return tokens

    assert await completion_tokens() == 79
    assert await completion_tokens(repairs={"usage": False}) == 15
    assert await completion_tokens(repairs=False) == 15
