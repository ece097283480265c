"""A forked process shares no connection and no lock of a client with its parent.

Each test is a program of its own, so that the tests' process, which has threads, never forks.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from relays import HttpProxy

from gemini_openai.emulator import Sse

if TYPE_CHECKING:
    from gemini_openai.emulator import Emulator

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

BEGINNING: dict[str, Any] = {
    "id": "x",
    "object": "chat.completion.chunk",
    "created": 1,
    "model": "gemini-2.5-flash",
    "choices": [{"index": 0, "delta": {"role": "assistant", "content": "beginning"}}],
}
BEGIN = """
import asyncio, functools, os, signal, stat, sys, threading, warnings
import gemini_openai, trio
from concurrent.futures import ThreadPoolExecutor
from gemini_openai import AsyncOpenAI, OpenAI, OpenAIError

warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
world = sys.argv[1]
run = {"blocking": lambda f: f(), "asyncio": lambda f: asyncio.run(f()), "trio": trio.run}[world]
kind = OpenAI if world == "blocking" else AsyncOpenAI
make = functools.partial(kind, max_retries=0, timeout=20)

def call(text, client=None):
    return (client or make()).chat.completions.create(
        model="gemini-2.5-flash", messages=[{"role": "user", "content": text}]
    )

def ask(text):
    return run(functools.partial(call, text, client)).choices[0].message.content

def sockets():
    return {fd for fd in range(3, 100) if is_socket(fd)}

def is_socket(fd):
    try:
        return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError:
        return False

def in_child(act):
    if (child := os.fork()) == 0:
        signal.alarm(30)  # no test waits for a child that hangs
        try:
            act()
            os._exit(0)
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
    return child

def finish(child):
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status == 0, f"the child ended with {status}"
"""


EMBED = 'client.embeddings.create(model="gemini-embedding-001", input="text")'
PARSE = """client.chat.completions.parse(
        model="gemini-2.5-flash", messages=[{"role": "user", "content": "x"}], response_format=dict
    )"""
REFUSED = """
    try:
        client.models.retrieve("no-model")
    except OpenAIError as error:
        assert "404" in str(error), error"""


def program_ends_well(
    code: str, emulator: Emulator, world: str = "blocking", client: str = "make()"
) -> None:
    program = f"{BEGIN}\nclient = {client}\n{code}"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, world],
        env={**os.environ, "GEMINI_API_KEY": "any-key", "GOOGLE_GEMINI_BASE_URL": emulator.origin},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.stderr, done.returncode) == ("", 0)


@pytest.mark.parametrize(
    ("world", "client"),
    [
        ("blocking", "make()"),
        ("asyncio", "make()"),
        ("trio", "make()"),
        ("blocking", "make(http_client=gemini_openai.DefaultFastClient())"),
        ("asyncio", "make(http_client=gemini_openai.DefaultAsyncFastClient())"),
    ],
    ids=["blocking", "asyncio", "trio", "blocking-fast", "asyncio-fast"],
)
def test_parent_and_child_have_connections_of_their_own(
    world: str, client: str, emulator: Emulator
) -> None:
    program_ends_well(
        """
if world == "asyncio":  # a loop that ends closes its connections: here is one that goes on
    loop = asyncio.new_event_loop()
    run = lambda f: loop.run_until_complete(f())

def ask_all(who):
    for number in range(5):
        answer = ask(f"{who} {number}")
        assert answer.endswith(f"{who} {number}"), answer

def act():
    global run
    assert not sockets() & connections, "the child has a copy of the parent's connection"
    if world == "asyncio":
        warnings.simplefilter("ignore", ResourceWarning)  # of the parent's loop, here a copy
        run = lambda f: asyncio.run(f())
    ask_all("child")

before = sockets()
ask_all("parent before")
connections = sockets() - before
assert connections or world == "trio"
child = in_child(act)
ask_all("parent after")
finish(child)
ask_all("parent at last")
assert sockets() >= connections, "the parent lost its connection"
if world == "asyncio":
    run(client.close)
    loop.close()
""",
        emulator,
        world,
        client,
    )


@pytest.mark.parametrize("world", ["asyncio", "trio"])
def test_a_child_forked_inside_a_loop_has_connections_of_its_own(
    world: str, emulator: Emulator
) -> None:
    program_ends_well(
        """
async def main():
    await call("parent", client)
    mine = sockets()
    child = in_child(act)
    assert (await call("parent", client)).choices[0].message.content.endswith("parent")
    finish(child)
    assert sockets() == mine

def act():
    with ThreadPoolExecutor(1) as thread:  # one that is in no loop
        thread.submit(asyncio.run, in_it()).result()

async def in_it():
    assert (await call("child", client)).choices[0].message.content.endswith("child")

run(main)
""",
        emulator,
        world,
    )


def test_a_child_cannot_read_a_stream_of_its_parent(emulator: Emulator) -> None:
    emulator.script(Sse([BEGINNING], hold=True))
    program_ends_well(
        """
from gemini_openai import APIConnectionError, APITimeoutError
client = client.with_options(timeout=3)
stream = client.chat.completions.create(
    model="gemini-2.5-flash", messages=[{"role": "user", "content": "x"}], stream=True
)
assert next(stream).choices[0].delta.content == "beginning"

def act():
    try:
        next(stream)
    except APITimeoutError:
        raise AssertionError("the child waited for what the parent is sent") from None
    except APIConnectionError:
        return
    raise AssertionError("the stream went on")

finish(in_child(act))
stream.close()
""",
        emulator,
    )


@pytest.mark.parametrize("world", ["blocking", "asyncio"])
def test_a_lock_that_a_thread_held_at_the_fork_is_free_in_the_child(
    world: str, emulator: Emulator
) -> None:
    program_ends_well(
        """
from gemini_openai.bulk import RateLimiter
limiter = RateLimiter(rpm=60)
held, forked = threading.Event(), threading.Event()

remembered = client._settings.translator.remembered

def hold():
    signatures, efforts = remembered.signatures._kept, remembered.efforts._kept
    with client._http._lock, limiter._lock, signatures._lock, efforts._lock:
        held.set()
        forked.wait()

def act():
    signal.alarm(10)
    assert ask("child").endswith("child")
    limiter.ask(0.0)
    remembered.signatures.find({"id": "call", "function": {"name": "f", "arguments": "{}"}}, "turn")
    remembered.efforts.keep("gemini-2.5-flash", ["low"])

thread = threading.Thread(target=hold)
thread.start()
held.wait()
child = in_child(act)
forked.set()
thread.join()
finish(child)
""",
        emulator,
        world,
    )


def test_an_http_client_of_the_callers_is_left_alone(emulator: Emulator) -> None:
    program_ends_well(
        """
import httpx
http = httpx.Client()
client = client.with_options(http_client=http)
ask("parent")
connections = sockets()

def act():
    assert client._client is http
    assert sockets() == connections

finish(in_child(act))
http.close()
""",
        emulator,
    )


def test_a_closed_client_is_closed_in_the_child_too(emulator: Emulator) -> None:
    program_ends_well(
        """
ask("parent")
client.close()

def act():
    assert client.is_closed()
    try:
        ask("child")
    except OpenAIError as error:
        assert "closed" in str(error), error
        return
    raise AssertionError("it was sent")

finish(in_child(act))
""",
        emulator,
    )


def test_a_child_that_ends_by_itself_ends_quietly(emulator: Emulator) -> None:
    program_ends_well(
        """
ask("parent")
if (child := os.fork()) == 0:
    ask("child")
    sys.exit(0)
finish(child)
ask("parent")
""",
        emulator,
    )


def test_a_child_has_no_copy_of_a_connection_to_a_proxy(emulator: Emulator) -> None:
    with HttpProxy(keeps=True) as proxy:
        program_ends_well(
            f"""
os.environ["HTTP_PROXY"] = "http://127.0.0.1:{proxy.port}"

def act():
    assert not sockets(), "the child has a copy of the parent's connection"
    ask("child")

ask("parent")
connections = sockets()
assert connections
finish(in_child(act))
assert sockets() == connections
""",
            emulator,
        )
    assert len(proxy.seen) == 2


FORK_MEANWHILE = """
# Python's own modules that take a lock before a fork and release it after: one that is imported in
# between says on stderr that it has nothing to release.
import concurrent.futures.thread, logging

warnings.simplefilter("ignore", ResourceWarning)  # connections in loops that ended
begun, forking = threading.Event(), threading.Event()

def fork_meanwhile(work, in_child_too):
    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(20), "it did not come to where it was to be held"
    # The function that is registered last runs first.
    os.register_at_fork(before=forking.set)
    child = in_child(in_child_too)
    thread.join()
    finish(child)

class HeldImport:
    def __init__(self, module):
        self.module = module

    def find_spec(self, name, path=None, target=None):
        if name == self.module and not begun.is_set():
            begun.set()
            assert forking.wait(20)

def fork_during_import(module, work):
    assert module not in sys.modules
    sys.meta_path.insert(0, HeldImport(module))
    fork_meanwhile(work, work)
"""


@pytest.mark.parametrize(
    "module", ["gemini_openai._call.prepare", "pydantic.main", "httpx._models"]
)
@pytest.mark.parametrize("world", ["blocking", "asyncio"])
def test_a_fork_waits_for_a_client_that_another_thread_makes(
    module: str, world: str, emulator: Emulator
) -> None:
    code = f'fork_during_import({module!r}, lambda: run(functools.partial(call, "text")))'
    program_ends_well(FORK_MEANWHILE + code, emulator, world, client="None")


@pytest.mark.parametrize(
    ("module", "act"),
    [
        ("gemini_openai.resources.models", "client.models.list()"),
        ("gemini_openai.types.create_embedding_response", EMBED),
        ("gemini_openai.lib._parsing", PARSE),
        ("gemini_openai.dialect.refusals.hints", REFUSED),
        ("gemini_openai.bulk.threads", "[*client.map([])]"),
    ],
)
def test_a_fork_waits_for_what_another_thread_imports_late(
    module: str, act: str, emulator: Emulator
) -> None:
    code = f"def work():\n    {act}\nfork_during_import({module!r}, work)"
    program_ends_well(FORK_MEANWHILE + code, emulator)


def test_a_fork_waits_for_a_model_that_another_thread_builds(emulator: Emulator) -> None:
    program_ends_well(
        FORK_MEANWHILE
        + f"""
import pydantic
from pydantic_core import core_schema

class Held:
    @classmethod
    def __get_pydantic_core_schema__(cls, source, handler):
        begun.set()
        assert forking.wait(20)
        return core_schema.any_schema()

class Model(pydantic.BaseModel, defer_build=True):
    held: Held

fork_meanwhile(Model.model_rebuild, lambda: {EMBED})
""",
        emulator,
    )


def test_parent_and_children_choose_other_ids_boundaries_and_waits(emulator: Emulator) -> None:
    program_ends_well(
        """
import httpx, httpx2
from gemini_openai._call import prepare
from gemini_openai.bulk import calls
from gemini_openai.dialect.chat.answers.context import answer_context

def chosen():
    form = {"files": {"file": b"x"}}
    boundaries = [
        family.Request("POST", "http://x", **form).headers["content-type"]
        for family in (httpx, httpx2)
    ]
    return [prepare.random(), calls.random(), answer_context({}).seed, *boundaries]

chosen()  # whatever makes them, has begun to
here, there = os.pipe()
children = [in_child(lambda: os.write(there, f"{chosen()}\\n".encode())) for _ in range(2)]
for child in children:
    finish(child)
of_all = [*map(eval, os.read(here, 10_000).decode().splitlines()), chosen()]
assert len(of_all) == 3
for same_thing in zip(*of_all):
    assert len({*same_thing}) == 3, same_thing
""",
        emulator,
    )


def test_a_child_is_told_that_the_calls_of_a_map_are_its_parents(emulator: Emulator) -> None:
    program_ends_well(
        """
requests = [{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "x"}]}] * 5
begun, not_begun = client.map(requests, concurrency=2), client.map(requests)
assert next(begun).index == 0

def act():
    assert [done.unwrap() is not None for done in not_begun] == [True] * 5
    for _ in range(2):
        try:
            next(begun)
        except RuntimeError as error:
            assert "before this process was forked" in str(error), error
        else:
            raise AssertionError("it gave a result")
    begun.close(wait=True)

finish(in_child(act))
assert [done.index for done in begun] == [1, 2, 3, 4]
""",
        emulator,
    )


def test_a_child_is_told_that_the_tasks_of_a_map_are_its_parents(emulator: Emulator) -> None:
    program_ends_well(
        """
requests = [{"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "x"}]}] * 5

async def main():
    results = client.map(requests, concurrency=2)
    assert (await anext(results)).index == 0

    async def take():
        return await anext(results)

    def act():
        try:
            asyncio.run(take())
        except RuntimeError as error:
            assert "before this process was forked" in str(error), error
            return
        raise AssertionError("it gave a result")

    child = in_child(lambda: in_thread(act))
    assert [done.index async for done in results] == [1, 2, 3, 4]
    finish(child)
    await client.close()

def in_thread(act):  # where no event loop runs
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor() as pool:
        pool.submit(act).result()

asyncio.run(main())
""",
        emulator,
        "asyncio",
    )
