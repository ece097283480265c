"""The programs of Google's documents run as printed, and print what they should."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from vertex.conftest import adc, clock, robot, vertex  # noqa: F401  # fixtures

from gemini_openai.emulator import Emulator, Job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vertex.vertex_world import Vertex

PROGRAMS = Path(__file__).parent / "programs"
HOSTS = (
    "https://generativelanguage.googleapis.com",
    "https://{location}-aiplatform.googleapis.com",
)
FILES = ("Path/to/agi/image.jpeg", "Path/to/image.jpeg", "/content/wayfairsofa.jpg")
SOUND = "/path/to/your/audio/file.wav"
ANSWER = "[emulator] You said: Explain to me how AI works"
WEATHER = "What's the weather like in Chicago today?"


class Ran:
    """What a program printed and sent."""

    def __init__(self, printed: str, emulator: Emulator) -> None:
        self.printed = printed
        self.lines = printed.splitlines()
        self.requests = emulator.requests

    @property
    def sent(self) -> Any:
        """The body of its last request."""
        return self.requests[-1].json

    @property
    def thinking(self) -> Any:
        """The `thinking_config` in it."""
        return self.sent["extra_body"]["google"]["thinking_config"]

    @property
    def streamed(self) -> str:
        """The texts of the deltas that it printed, put together."""
        texts = re.findall(r"ChoiceDelta\(.*?\bcontent=('[^']*'|None)", self.printed)
        return "".join(ast.literal_eval(text) or "" for text in texts)


def test_all_programs_of_the_documents_are_here() -> None:
    assert len(names()) == 27
    assert {*CHECKS} == {*names()}


def names() -> list[str]:
    """`folder/name` of every program."""
    return sorted(
        str(path.relative_to(PROGRAMS).with_suffix("")) for path in PROGRAMS.rglob("*.py")
    )


# --- what each must print and send ---


def chat(ran: Ran) -> None:
    assert ran.printed.startswith("ChatCompletionMessage(")
    assert f"content='{ANSWER}'" in ran.printed
    assert "role='assistant'" in ran.printed
    assert [message["role"] for message in ran.sent["messages"]] == ["system", "user"]


def low_effort(ran: Ran) -> None:
    chat(ran)
    assert ran.sent["reasoning_effort"] == "low"


def thinking(ran: Ran) -> None:
    assert f"content='{ANSWER}'" in ran.printed
    assert "reasoning_content='**Reading the request**" in ran.printed
    assert "<thought>" not in ran.printed


def budget(ran: Ran) -> None:
    thinking(ran)
    assert ran.thinking == {"thinking_budget": 800, "include_thoughts": True}


def budget_in_words(ran: Ran) -> None:
    thinking(ran)
    assert ran.thinking == {"thinking_budget": 1024, "include_thoughts": True}


def stream(ran: Ran) -> None:
    assert all(line.startswith("ChoiceDelta(") for line in ran.lines)
    assert ran.streamed == "[emulator] You said: Hello!"
    assert ran.sent["stream"] is True


def function_calling(ran: Ran) -> None:
    assert ran.printed.startswith("ChatCompletion(")
    assert "finish_reason='tool_calls'" in ran.printed
    assert "name='get_weather'" in ran.printed
    assert '"location":"Chicago"' in ran.printed
    assert ran.sent["messages"][0]["content"] == WEATHER


def image(ran: Ran) -> None:
    assert ran.printed.startswith("Choice(")
    assert "You said: What is in this image? (with image_url)" in ran.printed
    url = ran.sent["messages"][0]["content"][1]["image_url"]["url"]
    assert url.startswith("data:image/jpeg;base64,/9j/")


def audio(ran: Ran) -> None:
    assert ran.lines == ["[emulator] You said: Transcribe this audio (with input_audio)"]
    part = ran.sent["messages"][0]["content"][1]
    assert part["input_audio"] == {"data": "UklGRg==", "format": "wav"}


def parsed(ran: Ran) -> None:
    assert re.fullmatch(r"name='.*' date='.*' participants=\[.*\]\n", ran.printed)
    assert ran.sent["response_format"]["type"] == "json_schema"


def embedding(ran: Ran) -> None:
    vector = ast.literal_eval(ran.printed)
    assert len(vector) == 3072
    assert sum(number * number for number in vector) == pytest.approx(1)


def shown(ran: Ran) -> None:
    assert ran.lines == ["shown: (8, 8)"]
    assert ran.sent["response_format"] == "b64_json"


def batch(ran: Ran) -> None:
    assert "Batch not finished. Current state: in_progress. Waiting 30 seconds..." in ran.lines
    assert "Batch finished: Batch(" in ran.printed
    answers = {row["custom_id"]: row for row in map(json.loads, ran.lines[-2:])}
    assert {*answers} == {"request-1", "request-2"}
    for row in answers.values():
        answer = row["response"]["body"]["choices"][0]["message"]["content"]
        assert answer == "[emulator] You said: Tell me a one-sentence joke."


def cached(ran: Ran) -> None:
    usages = [ast.literal_eval(line) for line in ran.lines if line.startswith("{")]
    assert sum(line.startswith("ChatCompletionChunk(") for line in ran.lines) == len(usages) > 1
    last = usages[-1]["total_tokens"]
    assert last > 0
    assert sum(usage["total_tokens"] for usage in usages) == last
    assert ran.sent["extra_body"]["google"]["cached_content"].startswith("cachedContents/0000")
    assert ran.streamed == "[emulator] You said: Summarize the video"


def models(ran: Ran) -> None:
    assert {"gemini-2.5-flash", "gemini-4-argon"} <= {*ran.lines}
    assert not any("/" in line for line in ran.lines)


def model(ran: Ran) -> None:
    assert ran.lines == ["gemini-2.0-flash"]


CHECKS: dict[str, Callable[[Ran], None]] = {
    "developer_2024/chat": chat,
    "developer_2024/stream": stream,
    "developer_2024/function_calling": function_calling,
    "developer_2024/embedding": embedding,
    "developer/chat": chat,
    "developer/reasoning_effort": low_effort,
    "developer/thinking_budget": budget,
    "developer/thinking_budget_in_words": budget_in_words,
    "developer/stream": stream,
    "developer/function_calling": function_calling,
    "developer/image_understanding": image,
    "developer/image_generation": shown,
    "developer/audio_understanding": audio,
    "developer/structured_output": parsed,
    "developer/embedding": embedding,
    "developer/batch": batch,
    "developer/cached_content": cached,
    "developer/models_list": models,
    "developer/model_retrieve": model,
    "vertex/chat": chat,
    "vertex/thinking": low_effort,
    "vertex/stream": stream,
    "vertex/function_calling": function_calling,
    "vertex/image_understanding": image,
    "vertex/generate_an_image": image,  # so it is called; it asks what is in one
    "vertex/audio_understanding": audio,
    "vertex/structured_output": parsed,
}

# --- running them ---


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder of a program, with the files that programs read."""
    Image.new("RGB", (8, 8)).save(tmp_path / "image.jpeg")
    (tmp_path / "sound.wav").write_bytes(b"RIFF")
    question = {"role": "user", "content": "Tell me a one-sentence joke."}
    body = {"model": "gemini-2.5-flash", "messages": [question]}
    row = {"method": "POST", "url": "/v1/chat/completions", "body": body}
    rows = [json.dumps({"custom_id": f"request-{number}", **row}) for number in (1, 2)]
    (tmp_path / "my-batch-requests.jsonl").write_text("\n".join(rows), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(
    files: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[str, Emulator], Ran]:
    """Run a program on an emulator."""
    monkeypatch.setattr(Image.Image, "show", lambda image: print("shown:", image.size))

    def run(name: str, emulator: Emulator) -> Ran:
        path = PROGRAMS / f"{name}.py"
        program = path.read_text(encoding="utf-8")
        bare = "openai.OpenAI(" not in program
        ours = "from gemini_openai import OpenAI" if bare else "import gemini_openai as openai"
        changed, imports = re.subn(
            r"(?m)^(from openai import OpenAI|import openai)$", ours, program
        )
        assert imports == 1
        for host in HOSTS:
            changed = changed.replace(host, emulator.origin)
        for file in FILES:
            changed = changed.replace(file, str(files / "image.jpeg"))
        changed = changed.replace(SOUND, str(files / "sound.wav"))
        changed = changed.replace("#base64_image", "base64_image")
        monkeypatch.setattr("time.sleep", emulator.advance)
        given = {"__name__": "__main__", "project_id": "p", "MY_API_KEY": "any"}
        exec(compile(changed, str(path), "exec"), given)
        return Ran(capsys.readouterr().out, emulator)

    return run


@pytest.fixture
def developer() -> Iterator[Emulator]:
    with Emulator(batches=Job(polls=2)) as emulator:
        yield emulator


@pytest.mark.parametrize("name", [name for name in names() if not name.startswith("vertex/")])
def test_a_program_for_the_gemini_api_runs_as_printed(
    name: str, run: Callable[[str, Emulator], Ran], developer: Emulator
) -> None:
    CHECKS[name](run(name, developer))


@pytest.mark.usefixtures("adc")
@pytest.mark.parametrize("name", [name for name in names() if name.startswith("vertex/")])
def test_a_program_for_vertex_runs_as_printed(
    name: str,
    run: Callable[[str, Emulator], Ran],
    vertex: Vertex,  # noqa: F811
) -> None:
    ran = run(name, vertex.emulator)
    CHECKS[name](ran)
    (asked,) = vertex.chats
    place = "/v1/projects/p/locations/us-central1/endpoints/openapi/chat/completions"
    assert asked.path == place
    assert asked.json["model"].startswith("google/gemini-2.")
