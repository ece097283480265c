"""The emulator on a loopback socket, and worlds: a test body runs blocking and in event loops."""

from __future__ import annotations

import inspect
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest
from hypothesis import HealthCheck, settings

import gemini_openai
from gemini_openai import AsyncOpenAI, OpenAI
from gemini_openai.emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

# How long an example takes says how busy the machine is. The same examples each time in CI, whose
# red is to be about the change; new ones at each run elsewhere.
settings.register_profile(
    "unhurried",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
)
settings.load_profile("unhurried")

RECORDED = Path(__file__).parent / "recorded"
HELLO: Any = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hello"}]}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine",
        choices=["fast"],
        help="run what runs over httpx, blocking and in asyncio, over this engine, and only that",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("engine") is None:
        return
    runs, others = [], []
    for item in items:
        name = getattr(getattr(item, "callspec", None), "params", {}).get("world_name")
        (runs if name in {"blocking", "asyncio"} else others).append(item)
    config.hook.pytest_deselected(items=others)
    items[:] = runs


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key, address, proxy or certificate of the machine's own finds its way into a test."""
    for variable in (
        "GOOGLE_API_KEY",
        "GEMINI_API_KEY",
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "GOOGLE_GEMINI_BASE_URL",
        "GOOGLE_VERTEX_BASE_URL",
        "GOOGLE_GENAI_USE_VERTEXAI",
        "GOOGLE_GENAI_USE_ENTERPRISE",
        "GOOGLE_CLOUD_PROJECT",
        "GOOGLE_CLOUD_LOCATION",
        "GOOGLE_CLOUD_UNIVERSE_DOMAIN",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "GEMINI_OPENAI_LOG",
        *(name for name in os.environ if name.lower().endswith("_proxy")),
    ):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture(scope="session")
def _emulator() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(_emulator: Emulator) -> Iterator[Emulator]:
    """The emulator, with nothing scripted and no request remembered."""
    _emulator.reset()
    yield _emulator
    unused = _emulator.unused
    _emulator.reset()
    assert not unused, f"scripted and never asked for: {unused}"


class World:
    """One way to use the client: blocking or in an event loop, over httpx or httpx2.

    With an engine, httpx goes over that.
    """

    def __init__(self, name: str, base_url: str, engine: str | None = None) -> None:
        self.name = name
        self.is_async = name.startswith(("asyncio", "trio"))
        self.family: Any = httpx2 if name.endswith("httpx2") else httpx
        self.is_fast = self.family is httpx and engine == "fast"
        self._base_url = base_url
        self._clients: list[Any] = []

    def client(self, **options: Any) -> Any:
        """A client of this world for the emulator; closed when the test is over."""
        options = {"api_key": "any-key", "base_url": self._base_url, **options}
        if self.family is httpx2 and "http_client" not in options:
            # The default is httpx: the other family is what an app hands us.
            kind = httpx2.AsyncClient if self.is_async else httpx2.Client
            # No TLS on loopback, and reading the certificates takes 30 ms each time.
            options["http_client"] = kind(follow_redirects=True, verify=False)
        elif self.is_fast and "http_client" not in options:
            kind = "DefaultAsyncFastClient" if self.is_async else "DefaultFastClient"
            options["http_client"] = getattr(gemini_openai, kind)()
        client = (AsyncOpenAI if self.is_async else OpenAI)(**options)
        self._clients.append(client)
        return client

    def client_of_our_own(self, **options: Any) -> Any:
        """A client of this world whose HTTP client looks at the environment as ours do."""
        if self.family is httpx2:
            kind = "DefaultAsyncHttpx2Client" if self.is_async else "DefaultHttpx2Client"
            options["http_client"] = getattr(gemini_openai, kind)()
        return self.client(**options)

    def transport(self, answer: Callable[[Any], Any], **options: Any) -> Any:
        """A client whose requests go to a function, not to a socket."""
        kind = self.family.AsyncClient if self.is_async else self.family.Client
        transport = self.family.MockTransport(answer)
        http = kind(transport=transport, follow_redirects=True, verify=False)
        return self.client(http_client=http, **options)

    async def ask(self, act: Callable[[Any], Any], **options: Any) -> Any:
        """Do `act` with a client of its own; wait for what it gives if that must be awaited."""
        return await self.result(act(self.client(**options)))

    async def result(self, value: Any) -> Any:
        """`value`, or what it is worth once awaited."""
        return await value if inspect.isawaitable(value) else value

    async def collect(self, stream: Any) -> list[Any]:
        """Every item of a stream or page of this world."""
        if self.is_async:
            return [item async for item in stream]
        return list(stream)

    async def first(self, stream: Any) -> Any:
        """The next item of a stream of this world."""
        return await anext(stream) if self.is_async else next(stream)

    async def leave(self, results: Any) -> None:
        """Close results before their end, and wait for the calls on the wire."""
        await self.result(results.close() if self.is_async else results.close(wait=True))

    async def close(self) -> None:
        for client in self._clients:
            await self.result(client.close())


@pytest.fixture(params=["blocking", "blocking-httpx2", "asyncio", "asyncio-httpx2", "trio"])
def world_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """The event loop of a test: that of its world, asyncio if it has none."""
    if "world_name" not in request.fixturenames:
        return "asyncio"
    return "trio" if request.getfixturevalue("world_name").startswith("trio") else "asyncio"


@pytest.fixture
async def world(
    world_name: str, emulator: Emulator, anyio_backend: str, request: pytest.FixtureRequest
) -> AsyncIterator[World]:
    """Each test that takes this runs five times; its body is written once."""
    world = World(world_name, emulator.base_url, request.config.getoption("engine"))
    yield world
    await world.close()


@pytest.fixture
def recorded() -> Callable[[str], bytes]:
    """A body that Google really sent, by its file name."""
    return lambda name: (RECORDED / "developer_api" / name).read_bytes()


def events(sse: bytes) -> list[Any]:
    """The JSON of a recorded stream's events."""
    frames = [line[6:] for line in sse.splitlines() if line.startswith(b"data: ")]
    return [json.loads(frame) for frame in frames if frame != b"[DONE]"]
