"""`gemini-openai proxy`, as another process sees it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import openai
import pytest
from conftest import HELLO
from proxy.conftest import KEY
from typer.testing import CliRunner

from gemini_openai.cli.app import app
from gemini_openai.emulator import Sse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gemini_openai.emulator import Emulator

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-W", "error", "-m", "gemini_openai.cli", "proxy", "--port", "0"]


@contextmanager
def running(
    emulator: Emulator, *arguments: str, **environment: str
) -> Iterator[subprocess.Popen[str]]:
    """The command, with a key in its environment; ended when the block is left."""
    with subprocess.Popen(
        [*COMMAND, "--base-url", emulator.base_url, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "GEMINI_API_KEY": KEY, **environment},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip() or process.communicate()[1]


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_what_a_program_needs_serves_and_leaves_cleanly(
    emulator: Emulator, number: int
) -> None:
    with running(emulator, "--model-map", "gpt-4o=gemini-2.5-flash", "--log") as process:
        assert process.stdout is not None
        name, _, url = first_line(process).partition("=")
        assert name == "OPENAI_BASE_URL"
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/v1", url)
        name, _, token = process.stdout.readline().strip().partition("=")
        assert name == "OPENAI_API_KEY"
        with openai.OpenAI(base_url=url, api_key=token) as client:
            assert client.chat.completions.create(**{**HELLO, "model": "gpt-4o"}).choices
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "")
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ POST /v1/chat/completions gpt-4o 200 "
        r"\d+\.\d{3}s \d+\+\d+ tokens\n",
        err,
    )
    assert emulator.requests[0].json["model"] == "gemini-2.5-flash"
    assert KEY not in out + err
    assert token not in err


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_its_end_ends_the_calls_in_progress(emulator: Emulator) -> None:
    event = {"choices": [{"index": 0, "delta": {"content": "a"}}], "id": "c", "created": 1}
    emulator.script(Sse([event], hold=True))
    with running(emulator, "--no-token", "--json", "--log") as process:
        url = json.loads(first_line(process))["base_url"]
        ask = {**HELLO, "stream": True}
        with httpx.stream("POST", f"{url}/chat/completions", json=ask) as response:
            events = response.iter_lines()
            assert next(events).startswith("data: ")
            process.terminate()
            _, err = process.communicate(timeout=20)
            with pytest.raises(httpx.RemoteProtocolError):
                for _ in events:
                    pass
    emulator.wait_for(lambda: emulator.requests[0].disconnected)
    assert process.returncode == 0
    (line,) = err.splitlines()
    assert " 499 " in line


@pytest.mark.process
def test_a_script_reads_one_line_of_json(emulator: Emulator) -> None:
    with running(emulator, "--json") as process:
        told = json.loads(first_line(process))
        assert {*told} == {"base_url", "pid", "port", "token", "wants_token"}
        assert told["pid"] == process.pid
        assert told["base_url"] == f"http://127.0.0.1:{told['port']}/v1"
        headers = {"authorization": f"Bearer {told['token']}"}
        assert httpx.get(f"{told['base_url']}/models", headers=headers).status_code == 200
        if sys.platform == "linux":
            shown = Path(f"/proc/{process.pid}/cmdline").read_text(encoding="utf-8")
            assert KEY not in shown


@pytest.mark.process
def test_a_token_of_the_environment_is_not_printed(emulator: Emulator) -> None:
    with running(emulator, "--json", GEMINI_OPENAI_PROXY_TOKEN="of-the-script") as process:
        told = json.loads(first_line(process))
        assert "token" not in told
        assert told["wants_token"] is True
        headers = {"authorization": "Bearer of-the-script"}
        assert httpx.get(f"{told['base_url']}/models", headers=headers).status_code == 200


@pytest.mark.process
def test_what_was_left_out_of_a_request_is_told_in_a_line(emulator: Emulator) -> None:
    command = [part for part in COMMAND if part not in {"-W", "error"}]
    with subprocess.Popen(
        [*command, "--base-url", emulator.base_url, "--no-token", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "GEMINI_API_KEY": KEY},
    ) as process:
        told = json.loads(first_line(process))
        assert told["wants_token"] is False
        httpx.post(f"{told['base_url']}/chat/completions", json={**HELLO, "seed": 1})
        process.terminate()
        _, err = process.communicate(timeout=20)
    (line,) = err.splitlines()
    assert "does not take seed" in line


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--host", "0.0.0.0", "--no-token"], "other machines"),
        (["--model-map", "gpt-4o"], "NAME=MODEL"),
        (["--token", "é"], "printable ASCII"),
        (["--no-token", "--token", "t"], "wants_token"),
        (["--unsupported", "perhaps"], "unsupported"),
        ([], "GEMINI_API_KEY"),
        (["--vertexai"], "project"),
    ],
)
def test_what_is_wrong_is_said_before_it_listens(
    arguments: list[str], word: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("GCE_METADATA_HOST", "127.0.0.1:9")
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    key: dict[str, Any] = (
        {"GEMINI_API_KEY": KEY} if arguments[:1] not in ([], ["--vertexai"]) else {}
    )
    done = CliRunner().invoke(app, ["proxy", "--port", "0", *arguments], env=key)
    assert done.exit_code == 1
    assert word in done.stderr
    assert KEY not in done.output + done.stderr


MISSING = """
import sys
sys.modules["uvicorn"] = None
try:
    from gemini_openai.proxy import Proxy
except ImportError as error:
    print(error)
"""
LAZY = """
import sys
import gemini_openai.proxy as proxy
assert not {"uvicorn", "asyncio", "httpx", "pydantic"} & {*sys.modules}, [*sys.modules]
assert dir(proxy) == ["Proxy"]
proxy.Proxy
ours = [name for name in sys.modules if name.startswith("gemini_openai.emulator")]
assert not ours, ours
try:
    proxy.Nothing
except AttributeError as error:
    print(error)
"""


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=20,
    )
    return done.stdout


@pytest.mark.process
def test_a_missing_uvicorn_is_told_with_the_command_to_install_it() -> None:
    assert "pip install 'gemini-openai[proxy]'" in run(MISSING)


@pytest.mark.process
def test_the_package_loads_nothing_until_asked_and_never_the_emulator() -> None:
    assert "has no attribute 'Nothing'" in run(LAZY)
