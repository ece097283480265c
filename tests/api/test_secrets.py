"""Secrets are shown nowhere, and go to no server but their own.

Each secret has a mark of its own. One sweep makes calls that succeed, fail and break, and looks for
the marks in all that a program or its log may show.
"""

from __future__ import annotations

import copy
import io
import pickle
import traceback
from typing import TYPE_CHECKING, Any

import pytest
from conftest import HELLO
from typer.testing import CliRunner

from gemini_openai import APIConnectionError, AsyncOpenAI, InvalidRequestError, OpenAI, OpenAIError
from gemini_openai._call.request import FinalRequestOptions
from gemini_openai.cli.app import app
from gemini_openai.emulator import Reply, Sse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import World

    from gemini_openai.emulator import Emulator

MARKS = {
    name: f"marked-{name}"
    for name in ("key", "login", "parameter", "cookie", "gateway", "own", "place", "session")
}
HEADERS = {
    "Cookie": f"sid={MARKS['cookie']}",
    "Helicone-Auth": f"Bearer {MARKS['gateway']}",
    "X-Api-Key": MARKS["own"],
    "X-Team": "cats",
}
QUERY = {"access_token": MARKS["parameter"]}
REFUSED = [{"error": {"code": 400, "message": "No.", "status": "INVALID_ARGUMENT"}}]
UPLOAD = f"/upload/v1beta/files?upload_id={MARKS['place']}&upload_protocol=resumable"


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(1)
    names = ("gemini_openai", "httpx", "httpx2", "httpcore", "httpcore2")
    for name in names:
        caplog.set_level(1, logger=name)
    return caplog


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """What was logged. pytest looks behind the emulator's back at the log of its web server, which
    the emulator has switched off."""
    return "\n".join(
        f"{record.name} {record.getMessage()}"
        for record in caplog.records
        if not record.name.startswith("uvicorn")
    )


def shown(thing: object) -> str:
    """Everything that a program shows of an object by itself."""
    return "\n".join((str(thing), repr(thing), repr(getattr(thing, "args", ""))))


def shown_error(error: BaseException) -> str:
    """What a program shows of an error, of what led to it, and what travels with it."""
    texts = [*traceback.format_exception(error), repr(getattr(error, "__notes__", ""))]
    link: BaseException | None = error
    while link is not None:
        texts.append(shown(link))
        link = link.__cause__ or link.__context__
    # dask has tblib pickle errors its own way, with their causes, in any process that imports it.
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer)
    pickler.dispatch_table = {}
    pickler.dump(error)
    pickled = buffer.getvalue()
    texts += [shown(pickle.loads(pickled)), shown(copy.copy(error)), pickled.decode("latin-1")]
    return "\n".join(texts)


def marks_in(text: str) -> list[str]:
    return [mark for mark in MARKS.values() if mark in text]


async def attempts(world: World, client: Any) -> list[str]:
    """What calls of all kinds show when they succeed, and when they do not."""
    texts = [shown(client), shown(client._settings), shown(client.chat), shown(client.models)]
    messages = HELLO["messages"]
    calls: list[Callable[[], Any]] = [
        lambda: client.chat.completions.create(**HELLO),
        lambda: client.chat.completions.create(**HELLO, extra_headers={"X-Token": MARKS["own"]}),
        lambda: client.chat.completions.create(model="none", messages=messages),
        lambda: client.chat.completions.with_raw_response.create(**HELLO),
        client.models.list,
        lambda: client.files.create(file=("a.txt", b"text"), purpose="user_data"),
        lambda: client.files.retrieve("files/none"),
        lambda: client.get("/nowhere", cast_to=object, options={"params": dict(QUERY)}),
        lambda: client.chat.completions.create(**HELLO, extra_headers={"X-A": MARKS["own"] + "“"}),
        lambda: client.chat.completions.create(**HELLO, extra_headers={MARKS["own"] + " ": "a"}),
    ]
    for call in calls:
        try:
            answer = await world.result(call())
        except OpenAIError as error:
            texts.append(shown_error(error))
        else:
            texts.append(shown(answer))
            if (response := getattr(answer, "http_response", None)) is not None:
                texts += [shown(response), shown(dict(response.headers)), answer.text]
    try:
        stream = await world.result(client.chat.completions.create(**HELLO, stream=True))
        texts += [shown(stream), *map(shown, await world.collect(stream)), shown(stream.response)]
    except OpenAIError as error:
        texts.append(shown_error(error))
    return texts


@pytest.mark.parametrize("login", [False, True], ids=["plain", "with a login"])
async def test_no_secret_is_shown_by_any_call(
    login: bool,
    world: World,
    emulator: Emulator,
    everything_logged: pytest.LogCaptureFixture,
) -> None:
    base_url = emulator.base_url
    if login:
        base_url = base_url.replace("://", f"://user:{MARKS['login']}@")
    started = {
        "X-Goog-Upload-URL": f"{emulator.origin}{UPLOAD}",
        "X-Goog-Upload-Status": "active",
        "Set-Cookie": f"session={MARKS['session']}",
    }
    emulator.script(Reply(headers=started, json={}), path="/upload/v1beta/files")
    client = world.client(
        api_key=MARKS["key"],
        base_url=base_url,
        default_headers=HEADERS,
        default_query=QUERY,
        max_retries=0,
    )
    texts = await attempts(world, client)
    texts += [shown(request) for request in emulator.requests]
    texts += [shown(emulator), logged(everything_logged)]
    names = {record.name for record in everything_logged.records}
    assert {"gemini_openai", world.family.__name__} < names
    assert marks_in("\n".join(texts)) == []


@pytest.mark.parametrize(
    "address",
    ["http://user:{0}@127.0.0.1:9/v1/", "http://user:{0}/more@127.0.0.1/v1/", "http://{0}@[::1/v1"],
    ids=["no server", "a password with a slash", "no URL"],
)
async def test_no_secret_is_shown_where_there_is_no_server(
    address: str, world: World, everything_logged: pytest.LogCaptureFixture
) -> None:
    texts: list[str] = []
    try:
        client = world.client(
            api_key=MARKS["key"],
            base_url=address.format(MARKS["login"]),
            default_query=QUERY,
            max_retries=1,
            retry_budget=0,
        )
        texts += [shown(client)]
        await world.result(client.chat.completions.create(**HELLO))
    except (OpenAIError, ValueError) as error:
        texts += [shown_error(error)]
    assert texts
    assert marks_in("\n".join((*texts, logged(everything_logged)))) == []


async def test_the_text_of_a_lower_layer_that_shows_a_header_is_not_passed_on(
    world: World,
) -> None:
    """A header that an HTTP client of the caller's adds is not ours to check."""

    def answer(request: Any) -> Any:
        raise world.family.LocalProtocolError(f"Illegal header value b'{MARKS['own']}'")

    client = world.transport(answer, max_retries=0)
    with pytest.raises(APIConnectionError, match="a header of .* is malformed") as caught:
        await world.result(client.chat.completions.create(**HELLO))
    assert caught.value.__cause__ is caught.value.__context__ is None
    assert marks_in(shown_error(caught.value)) == []


def test_a_pickled_client_has_no_secret() -> None:
    url = f"https://user:{MARKS['login']}@gateway.example/v1/"
    for kind in (OpenAI, AsyncOpenAI):
        client = kind(
            api_key=MARKS["key"], base_url=url, default_headers=HEADERS, default_query=QUERY
        )
        assert marks_in(pickle.dumps(client).decode("latin-1")) == []
        assert pickle.loads(pickle.dumps(client))._custom_headers == {"X-Team": "cats"}


def test_the_options_of_a_request_show_no_secret() -> None:
    options = FinalRequestOptions(
        method="post",
        url=f"https://user:{MARKS['login']}@x.example/v1?key={MARKS['key']}",
        headers=HEADERS,
        params={**QUERY, "region": "eu"},
        json_data={"model": "m"},
    )
    assert marks_in(shown(options)) == []
    for part in (
        "'X-Team': 'cats'",
        "'region': 'eu'",
        "'model': 'm'",
        "https://[secret]@x.example",
    ):
        assert part in repr(options)


def test_the_command_line_shows_no_secret(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.write_text("one\n")
    for command in (["demo"], ["embed", str(texts), "-o", str(tmp_path / "out.jsonl")]):
        environment = {
            "GEMINI_API_KEY": MARKS["key"],
            "GOOGLE_GEMINI_BASE_URL": f"http://user:{MARKS['login']}@127.0.0.1:9/",
        }
        done = CliRunner().invoke(app, command, env=environment)
        assert done.exit_code != 0
        assert marks_in(done.output + done.stderr + repr(done.exception)) == []
        done = CliRunner().invoke(app, command, env={**environment, "GEMINI_API_KEY": "a\nbkey"})
        assert "key in GEMINI_API_KEY cannot be sent: character 2 is U+000A" in done.stderr


# --- where they go ---


def secrets_of(request: Any) -> list[str]:
    return marks_in(f"{request.url} {dict(request.headers)}")


def recorder(world: World, *answers: Any) -> tuple[Any, list[Any]]:
    """A client with all kinds of secrets, and the requests it makes, which get these answers."""
    seen: list[Any] = []

    def answer(request: Any) -> Any:
        seen.append(request)
        return answers[len(seen) - 1]

    client = world.transport(
        answer,
        api_key=MARKS["key"],
        base_url="https://ours.example/v1beta/openai/",
        default_headers=HEADERS,
        default_query=QUERY,
        max_retries=0,
    )
    return client, seen


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "place", ["https://other.example/x", "http://ours.example/x", "https://ours.example:444/x"]
)
async def test_a_redirect_takes_no_secret_to_another_origin(
    status: int, place: str, world: World
) -> None:
    models: Any = {"object": "list", "data": []}
    client, seen = recorder(
        world,
        world.family.Response(status, headers={"location": place}),
        world.family.Response(200, json=models),
    )
    await world.result(client.models.list())
    assert [str(request.url).partition("?")[0] for request in seen][1] == place
    assert len(secrets_of(seen[0])) == 5
    assert secrets_of(seen[1]) == []
    assert seen[1].headers["x-team"] == "cats"


async def test_a_redirect_within_an_origin_keeps_the_headers(world: World) -> None:
    client, seen = recorder(
        world,
        world.family.Response(307, headers={"location": "/v1beta/openai/chat/other"}),
        world.family.Response(200, json={"id": "a", "choices": [], "model": "m"}),
    )
    await world.result(client.chat.completions.create(**HELLO))
    assert seen[1].content == seen[0].content
    assert {*seen[0].headers} == {*seen[1].headers}
    assert len(secrets_of(seen[1])) == 4


@pytest.mark.parametrize("status", [301, 302, 303])
async def test_a_redirect_of_a_post_becomes_a_get_without_its_body(
    status: int, world: World
) -> None:
    client, seen = recorder(
        world,
        world.family.Response(status, headers={"location": "/elsewhere"}),
        world.family.Response(200, json={"id": "a", "choices": [], "model": "m"}),
    )
    await world.result(client.chat.completions.create(**HELLO))
    assert (seen[1].method, seen[1].content) == ("GET", b"")
    assert "content-type" not in seen[1].headers


async def test_a_body_does_not_go_on_by_http(world: World) -> None:
    client, seen = recorder(
        world, world.family.Response(307, headers={"location": "http://ours.example/x"})
    )
    with pytest.raises(APIConnectionError, match="redirected from https to http") as caught:
        await world.result(client.chat.completions.create(**HELLO))
    assert len(seen) == 1
    assert marks_in(shown_error(caught.value)) == []


@pytest.mark.parametrize("place", ["http://[::1", "ftp://ours.example/x"])
async def test_a_redirect_to_what_is_no_url_is_an_error_of_ours(place: str, world: World) -> None:
    client, _ = recorder(world, world.family.Response(307, headers={"location": place}))
    with pytest.raises(APIConnectionError, match="to what is no URL|malformed"):
        await world.result(client.models.list())


@pytest.mark.parametrize("place", ["https://other.example/x", "http://ours.example/x"])
async def test_an_absolute_url_of_another_server_gets_only_what_the_call_gives(
    place: str, world: World
) -> None:
    client, seen = recorder(world, world.family.Response(200, json={}))
    own = {"Authorization": "Bearer for-them"}
    options = {"headers": own, "params": {"q": "1"}}
    await world.result(client.get(place, cast_to=object, options=options))
    assert secrets_of(seen[0]) == []
    assert str(seen[0].url) == f"{place}?q=1"
    assert seen[0].headers["authorization"] == "Bearer for-them"


async def test_an_upload_to_another_host_takes_no_secret_along(world: World) -> None:
    ended = {"x-goog-upload-status": "final"}
    client, seen = recorder(
        world,
        world.family.Response(
            200,
            headers={
                "x-goog-upload-url": "https://other.example/u?upload_id=1",
                "x-goog-upload-status": "active",
            },
            json={},
        ),
        world.family.Response(200, headers=ended, json={"file": {"name": "files/a"}}),
    )
    extra = {"X-Auth-Token": MARKS["own"], "X-Mine": "1"}
    await world.result(client.files.create(file=b"rows", purpose="batch", extra_headers=extra))
    begun, sent = seen
    assert MARKS["key"] in secrets_of(begun)
    assert secrets_of(sent) == []
    assert str(sent.url) == "https://other.example/u?upload_id=1"
    assert sent.headers["x-mine"] == "1"


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("http://other.example/u", "would go on by http"),
        ("http://[::1", "at what is no URL"),
        ("http://x.example:port/u", "at what is no URL"),
    ],
)
async def test_an_upload_does_not_go_on_by_http_nor_to_no_url(
    place: str, words: str, world: World
) -> None:
    answer = world.family.Response(200, headers={"x-goog-upload-url": place}, json={})
    client, seen = recorder(world, answer)
    with pytest.raises(OpenAIError, match=words):
        await world.result(client.files.create(file=b"rows", purpose="batch"))
    assert len(seen) == 1


# --- headers that cannot be sent ---


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"X-A": "SECRET“"}, "in the value of the header 'x-a' character 7 is U\\+201C"),
        ({"X-A": "SEC\nRET"}, "character 4 is U\\+000A"),
        ({"X-A": "SEC\0RET"}, "character 4 is U\\+0000"),
        ({"SEC RET": "a"}, "in the name of header .* character 4 is U\\+0020"),
        ({"": "SECRET"}, "in the name of header .* it is empty"),
    ],
)
@pytest.mark.parametrize("given", ["default_headers", "extra_headers"])
async def test_a_header_that_cannot_be_sent_is_told_by_its_name_and_place(
    given: str, headers: dict[str, str], words: str, world: World, emulator: Emulator
) -> None:
    defaults, extra = (headers, {}) if given == "default_headers" else ({}, headers)
    with pytest.raises(InvalidRequestError, match=words) as caught:
        await world.ask(
            lambda c: c.chat.completions.create(**HELLO, extra_headers=extra),
            default_headers=defaults,
        )
    for text in (str(caught.value), repr(caught.value), repr(caught.value.__context__)):
        assert "SEC" not in text
    assert emulator.requests == []


async def test_what_is_around_a_header_is_not_sent(world: World, emulator: Emulator) -> None:
    await world.ask(
        lambda c: c.chat.completions.create(**HELLO, extra_headers={"X-A": " from a file\n"})
    )
    assert emulator.requests[-1].headers["x-a"] == "from a file"


async def test_a_header_that_is_no_text_is_a_type_error(world: World) -> None:
    extra: Any = {"X-A": 5}
    with pytest.raises(TypeError, match="The value of the header 'x-a' is int, and no text"):
        await world.ask(lambda c: c.chat.completions.create(**HELLO, extra_headers=extra))


async def test_a_stream_that_breaks_shows_no_secret(
    world: World, emulator: Emulator, everything_logged: pytest.LogCaptureFixture
) -> None:
    emulator.script(Sse([b'data: {"id": "x", "choices": []}\n\n'], cut=True))
    client = world.client(default_headers=HEADERS, default_query=QUERY, max_retries=0)
    stream = await world.result(client.chat.completions.create(**HELLO, stream=True))
    with pytest.raises(APIConnectionError) as caught:
        await world.collect(stream)
    assert marks_in(shown_error(caught.value) + logged(everything_logged)) == []
