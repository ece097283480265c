"""The calls that tracers watch, in each way. Loaded in the environment of a tracer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from ecosystem.task import EMBEDDER, ERRAND, KEY, MODEL, QUESTION, TEXTS, URL, Stop

if TYPE_CHECKING:
    from collections.abc import Callable


class Tracer(Protocol):
    """What the file of a tracer has."""

    def start(self) -> None:
        """Begin to watch `openai`."""

    def watch(self, client: Any) -> Any:
        """The client to use, for tracers that wrap clients."""

    def seen(self) -> list[int | None]:
        """The output tokens of each call recorded since it was asked last."""


WEATHER: Any = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}


class Traced:
    """Ways and cases, as the file of a framework has them."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        tracer.start()

    def plain(self) -> Any:
        from openai import OpenAI

        return self._tracer.watch(OpenAI(api_key=KEY, base_url=URL))

    def client(self) -> Any:
        from gemini_openai import OpenAI

        return self._tracer.watch(OpenAI())

    def transport(self) -> Any:
        from gemini_openai.transport import openai_client

        return self._tracer.watch(openai_client())

    def chat(self, client: Any) -> Any:
        return self._seen(
            lambda: client.chat.completions.create(model=MODEL, messages=_asked(QUESTION))
        )

    def chat_stream(self, client: Any) -> Any:
        return self._seen(lambda: _streamed(client, messages=_asked(QUESTION)))

    def tool_stream(self, client: Any) -> Any:
        return self._seen(lambda: _streamed(client, messages=_asked(ERRAND), tools=[WEATHER]))

    def parse(self, client: Any) -> Any:
        return self._seen(
            lambda: client.chat.completions.parse(
                model=MODEL, messages=_asked(QUESTION), response_format=Stop
            )
        )

    def embed(self, client: Any) -> Any:
        return self._seen(lambda: client.embeddings.create(model=EMBEDDER, input=TEXTS[:2]))

    def _seen(self, call: Callable[[], Any]) -> list[int | None]:
        self._tracer.seen()  # a call before this one may have failed
        call()
        return self._tracer.seen()


def _streamed(client: Any, **body: Any) -> None:
    usage = {"include_usage": True}
    for _ in client.chat.completions.create(model=MODEL, stream=True, stream_options=usage, **body):
        pass


def _asked(text: str) -> list[Any]:
    return [{"role": "user", "content": text}]
