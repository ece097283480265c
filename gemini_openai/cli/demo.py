"""Hold three short conversations over a real socket and print them: `gemini-openai demo`."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from rich.console import Console
from rich.panel import Panel

from .. import OpenAI
from .._settings.environment import KEY_VARIABLES

if TYPE_CHECKING:
    from ..types.chat import ChatCompletionMessageParam, ChatCompletionToolParam

WEATHER: ChatCompletionToolParam = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city, now.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}


class Recipe(BaseModel):
    """The type of the structured answer."""

    name: str
    minutes: int
    ingredients: list[str]


def run_demo(*, model: str, emulator: bool) -> None:
    """Talk to Gemini if a key is in the environment, otherwise to an emulator started here."""
    console = Console(highlight=False, soft_wrap=True)
    with ExitStack() as stack:
        key = next((name for name in KEY_VARIABLES if os.environ.get(name)), None)
        if key and not emulator:
            console.print(f"Talking to [bold]Gemini[/], with the key in {key}.")
            client = stack.enter_context(OpenAI())
        else:
            from ..emulator import Emulator

            server = stack.enter_context(Emulator())
            why = "as asked" if key else f"since none of {', '.join(KEY_VARIABLES)} is set"
            console.print(
                f"Talking to the [bold]emulator[/] at {server.base_url}, {why}: "
                "a real server on this machine, without a model."
            )
            client = stack.enter_context(OpenAI(api_key="emulator", base_url=server.base_url))
        show_stream(client, model, console)
        show_tool_call(client, model, console)
        show_structure(client, model, console)


def show_stream(client: OpenAI, model: str, console: Console) -> None:
    """Print an answer as it arrives."""
    question = "In one sentence: why is the sky blue?"
    _title(console, "A streamed answer", question)
    with client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": question}], stream=True
    ) as stream:
        for chunk in stream:
            for choice in chunk.choices:
                console.print(choice.delta.content or "", end="", markup=False)
    console.print()


def show_tool_call(client: OpenAI, model: str, console: Console) -> None:
    """Let the model call a tool and answer with its result."""
    question = "What is the weather in Paris?"
    _title(console, "A tool call", question)
    messages: list[ChatCompletionMessageParam] = [{"role": "user", "content": question}]
    for _ in range(4):
        answer = client.chat.completions.create(model=model, messages=messages, tools=[WEATHER])
        message: Any = answer.choices[0].message
        if not message.tool_calls:
            console.print(message.content or "", markup=False)
            return
        messages.append(message)
        for call in message.tool_calls:
            result = get_weather(**json.loads(call.function.arguments))
            console.print(
                f"→ {call.function.name}({call.function.arguments}) = {result}", markup=False
            )
            messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
    console.print("The model kept asking for tools; the demo stops here.")


def get_weather(city: str) -> str:
    """A stand-in for a weather service."""
    return json.dumps({"city": city, "sky": "clear", "celsius": 21})


def show_structure(client: OpenAI, model: str, console: Console) -> None:
    """Print an answer parsed into a pydantic model."""
    question = "A recipe for pancakes."
    _title(console, "A structured answer", question)
    answer = client.chat.completions.parse(
        model=model, messages=[{"role": "user", "content": question}], response_format=Recipe
    )
    console.print(repr(answer.choices[0].message.parsed))


def _title(console: Console, title: str, question: str) -> None:
    console.print()
    console.print(Panel(question, title=title, title_align="left", expand=False))
