"""A forked process shares no connection and no lock of a client with its parent.

Each test is a program of its own, so that the tests' process, which has threads, never forks.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

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
import trio
from concurrent.futures import ThreadPoolExecutor
from gemini_openai import AsyncOpenAI, OpenAI, OpenAIError

warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
world = sys.argv[1]
run = {"blocking": lambda f: f(), "asyncio": lambda f: asyncio.run(f()), "trio": trio.run}[world]
client = (OpenAI if world == "blocking" else AsyncOpenAI)(max_retries=0, timeout=20)

def call(text):
    return client.chat.completions.create(
        model="gemini-2.5-flash", messages=[{"role": "user", "content": text}]
    )

def ask(text):
    return run(functools.partial(call, text)).choices[0].message.content

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


def program_ends_well(code: str, emulator: Emulator, world: str = "blocking") -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", BEGIN + code, world],
        env={**os.environ, "GEMINI_API_KEY": "any-key", "GOOGLE_GEMINI_BASE_URL": emulator.origin},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.stderr, done.returncode) == ("", 0)


@pytest.mark.parametrize("world", ["blocking", "asyncio", "trio"])
def test_parent_and_child_have_connections_of_their_own(world: str, emulator: Emulator) -> None:
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
    )


@pytest.mark.parametrize("world", ["asyncio", "trio"])
def test_a_child_forked_inside_a_loop_has_connections_of_its_own(
    world: str, emulator: Emulator
) -> None:
    program_ends_well(
        """
async def main():
    await call("parent")
    mine = sockets()
    child = in_child(act)
    assert (await call("parent")).choices[0].message.content.endswith("parent")
    finish(child)
    assert sockets() == mine

def act():
    with ThreadPoolExecutor(1) as thread:  # one that is in no loop
        thread.submit(asyncio.run, in_it()).result()

async def in_it():
    assert (await call("child")).choices[0].message.content.endswith("child")

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

def hold():
    with client._http._lock, limiter._lock:
        held.set()
        forked.wait()

def act():
    signal.alarm(10)
    assert ask("child").endswith("child")
    limiter.ask(0.0)

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
