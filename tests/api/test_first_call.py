"""A first call finds everything loaded: it does not stop an event loop, and imports nothing.

Each test is about a process of its own, in which no other test has loaded anything.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from gemini_openai import AsyncOpenAI, OpenAI
from gemini_openai.emulator import Emulator, GoogleAuth, Stall

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.process

MOST = 0.05
"""Seconds of CPU time that an event loop may stand still for."""
TRIES = 3
"""The same work costs twice as much on a machine that has much else to do, but not each time. And
the first try may be what compiles the modules."""

ACTS = {
    "create": "await client.chat.completions.create(**CHAT)",
    "stream": "async for _ in await client.chat.completions.create(**CHAT, stream=True): pass",
    "tools": "await client.chat.completions.create(**CHAT, tools=[TOOL])",
    "parse": "await client.chat.completions.parse(**CHAT, response_format=City)",
    "stream helper": """
    async with client.chat.completions.stream(**CHAT) as events:
        await events.get_final_completion()""",
    "embeddings": "await client.embeddings.create(model=EMBEDDING, input='text')",
    "create_many": "async for _ in client.embeddings.create_many(['a'], model=EMBEDDING): pass",
    "map": "async for done in client.map([CHAT]): done.unwrap()",
    "models": "await client.models.list()",
    "files": "await client.files.create(file=('a.jsonl', b'{}'), purpose='batch')",
    "images": "await client.images.generate(model='gemini-2.5-flash-image', prompt='a')",
    "batches": "async for row in client.batches.run([CHAT], poll_interval=0.01): pass",
}
WATCHED = """
import asyncio, time, warnings
from dataclasses import dataclass
from gemini_openai import APITimeoutError, AsyncOpenAI

warnings.simplefilter("ignore")  # what google-auth says of itself
CHAT = {{"model": "gemini-2.5-flash", "messages": [{{"role": "user", "content": "Hello"}}]}}
EMBEDDING = "gemini-embedding-001"
PARAMETERS = {{"type": "object", "properties": {{"city": {{"type": "string"}}}}}}
TOOL = {{"type": "function", "function": {{"name": "weather", "parameters": PARAMETERS}}}}
longest = 0.0

@dataclass
class City:
    name: str

async def act(client):
    {act}

async def watch():
    global longest
    last = time.process_time()
    while True:
        await asyncio.sleep(0)
        now = time.process_time()
        longest, last = max(longest, now - last), now

async def main():
    client = AsyncOpenAI(max_retries=0)
    watching = asyncio.create_task(watch())
    await asyncio.sleep(0)  # so that it has begun
    await act(client)
    await asyncio.sleep(0)  # so that it has seen the end
    watching.cancel()
    await client.close()

asyncio.run(main())
print(longest)
"""


def output(code: str, *arguments: str, **environment: str) -> str:
    """What a program prints that ends well."""
    # Measuring coverage takes time of its own.
    left_out = ("COVERAGE_", "PYTHONDONTWRITEBYTECODE")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(left_out)}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**inherited, "GEMINI_API_KEY": "any-key", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout


def longest_stop(act: str, **environment: str) -> float:
    """The CPU seconds for which `act`, a first call, stopped the loop; the best of some tries."""
    best = float("inf")
    for _ in range(TRIES):
        best = min(best, float(output(WATCHED.format(act=act), **environment)))
        if best < MOST:
            break
    return best


@pytest.mark.parametrize("act", ACTS)
def test_a_first_call_does_not_stop_the_event_loop(act: str, emulator: Emulator) -> None:
    assert longest_stop(ACTS[act], GOOGLE_GEMINI_BASE_URL=emulator.origin) < MOST


def test_a_loop_that_is_stopped_is_noticed(emulator: Emulator) -> None:
    act = f"sum(range(10_000_000)); {ACTS['create']}"
    assert longest_stop(act, GOOGLE_GEMINI_BASE_URL=emulator.origin) > MOST


@pytest.mark.parametrize("act", ["create", "stream"])
def test_looking_for_google_credentials_does_not_stop_the_event_loop(
    act: str, tmp_path: Path
) -> None:
    google = GoogleAuth()
    with Emulator(google=google) as emulator:
        key_file = tmp_path / "key.json"
        key_file.write_text(json.dumps(google.service_account(emulator.origin, "robot")))
        stopped = longest_stop(
            ACTS[act],
            GOOGLE_GENAI_USE_VERTEXAI="true",
            GOOGLE_VERTEX_BASE_URL=emulator.origin,
            GOOGLE_CLOUD_PROJECT="p",
            GOOGLE_APPLICATION_CREDENTIALS=str(key_file),
        )
    assert "token" in google.calls
    assert stopped < MOST


def test_the_timeout_of_a_first_call_holds(emulator: Emulator) -> None:
    # By a clock of CPU time: what is computed before a request is sent, no timeout counts.
    act = """
    try:
        await client.with_options(timeout=0.2).chat.completions.create(**CHAT)
    except APITimeoutError:
        return
    raise AssertionError("it was answered")"""
    emulator.script(Stall(), Stall(), Stall())
    stopped = longest_stop(act, GOOGLE_GEMINI_BASE_URL=emulator.origin)
    emulator.reset()  # what was left for further tries
    assert stopped < MOST


FIRST_CALLS = """
import asyncio, os, pickle, sys
client = pickle.loads(bytes.fromhex(sys.argv[1]))
chat = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hello"}]}

def blocking():
    client.chat.completions.create(**chat)

async def in_a_loop():
    await client.chat.completions.create(**chat)
    async for _ in await client.chat.completions.create(**chat, stream=True):
        pass

loaded = {*sys.modules}
asyncio.run(in_a_loop()) if hasattr(client, "__aenter__") else blocking()
print(sorted({*sys.modules} - loaded))
"""


@pytest.mark.parametrize("kind", [OpenAI, AsyncOpenAI])
def test_a_first_call_imports_nothing(kind: type[OpenAI | AsyncOpenAI], emulator: Emulator) -> None:
    # By a name, which has to be looked up.
    made = kind(api_key="any-key", base_url=emulator.base_url.replace("127.0.0.1", "localhost"))
    new = output(FIRST_CALLS, pickle.dumps(made).hex())  # a pickle has the class, and no modules
    assert new.strip() == "[]"


STREAMS = """
import sys
from gemini_openai import OpenAI
client = OpenAI(api_key="any-key", base_url=sys.argv[1])
chat = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hello"}]}
loaded = {*sys.modules}
list(client.chat.completions.create(**chat, stream=True))
print(*sorted(m for m in {*sys.modules} - loaded if m.startswith("gemini_openai")))
loaded = {*sys.modules}
list(client.chat.completions.create(**chat, stream=True))
print(*{*sys.modules} - loaded)
"""


def test_the_first_stream_of_a_blocking_client_loads_what_only_streams_need(
    emulator: Emulator,
) -> None:
    first, second = output(STREAMS, emulator.base_url).splitlines()
    assert first.split() == [
        "gemini_openai._call.copies",
        "gemini_openai._call.event_reader",
        "gemini_openai._call.sse",
        "gemini_openai._streaming",
        "gemini_openai.types.chat.chat_completion_chunk",
    ]
    assert second == ""


FIRST_ANSWER = """
import sys
from gemini_openai import OpenAI
client = OpenAI(api_key="any-key", base_url=sys.argv[1])
chat = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hello"}]}
client.chat.completions.create(**chat)
own = {name: module for name, module in sys.modules.items() if name.startswith("gemini_openai")}
classes = {
    value
    for module in own.values()
    for value in vars(module).values()
    if isinstance(value, type) and value.__module__ in own
}
print(len(own))
print(sum(hasattr(each, "__pydantic_fields__") for each in classes))
print(*{each.__qualname__ for each in classes if hasattr(each, "__total__")})
print(*{*sys.modules} & {"anyio.abc", "rich", "click"})
"""


def test_a_first_answer_loads_no_parameters_no_certificates_and_no_more_than_it_did(
    emulator: Emulator,
) -> None:
    modules, models, typed_dicts, others = output(FIRST_ANSWER, emulator.base_url).splitlines()
    assert int(modules) <= 124
    assert int(models) <= 26
    assert set(typed_dicts.split()) == {"SentPlain", "Sent"}
    assert others == ""


COLLECTIONS = """
import gc
from gemini_openai import OpenAI
gc.collect()
begun = []
gc.callbacks.append(lambda phase, _: begun.append(phase))
before = gc.get_threshold()
OpenAI()
print(len(begun) <= 4, gc.isenabled(), gc.get_threshold() == before, gc.get_count()[1:])
"""


def test_no_garbage_is_collected_while_a_first_client_loads_and_again_afterwards() -> None:
    assert output(COLLECTIONS) == "True True True (0, 0)\n"


def test_the_command_line_of_httpx_is_loaded_for_who_asks_for_it() -> None:
    pytest.importorskip("rich")
    pytest.importorskip("click")
    made = (
        "import sys; from gemini_openai import OpenAI; OpenAI(); import httpx\n"
        "print('rich' in sys.modules, hasattr(httpx, 'mian'), 'httpx._main' in sys.modules)\n"
        "from httpx import main\n"
        "print(type(main).__name__, main is sys.modules['httpx._main'].main)"
    )
    assert output(made).split() == ["False", "False", "False", "Command", "True"]


def test_without_click_the_command_line_of_httpx_says_so() -> None:
    made = (
        "import sys; sys.modules['click'] = None\n"
        "from gemini_openai import OpenAI; OpenAI(); import httpx\n"
        "try:\n    httpx.main()\nexcept SystemExit as end:\n    print(end.code)"
    )
    assert "dependencies were not installed" in output(made)


def test_an_httpx_that_is_there_already_is_left_alone() -> None:
    made = (
        "import httpx; was = dict(vars(httpx)); from gemini_openai import OpenAI; OpenAI()\n"
        "print(vars(httpx) == was)"
    )
    assert output(made).strip() == "True"


def test_a_client_is_made_whatever_is_wrong_with_the_certificates(tmp_path: Path) -> None:
    made = "from gemini_openai import OpenAI; print(OpenAI())"
    assert "OpenAI" in output(made, SSL_CERT_FILE=str(tmp_path / "none.pem"))
