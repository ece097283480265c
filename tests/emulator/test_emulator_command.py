"""`python -m gemini_openai.emulator`, as another process sees it; and a lazy package."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-W", "error", "-m", "gemini_openai.emulator"]
ENV = {**os.environ, "PYTHONPATH": str(ROOT)}


def run(*arguments: str, code: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *arguments] if code is None else [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, check=False, text=True, env=ENV, timeout=20)


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_url_serves_and_leaves_cleanly(number: int) -> None:
    with subprocess.Popen(
        [
            *COMMAND,
            "--port",
            "0",
            "--quirk=-list_errors",
            "--quirk=usage_missing",
            "--model=my-own",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENV,
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        assert url.endswith("/v1beta/openai/")
        response = httpx.get(url + "models", headers={"Authorization": "Bearer k"})
        assert response.json()["data"][-1]["id"] == "models/my-own"
        assert "error" in httpx.get(url + "models").json()
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
        assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.process
def test_a_wrong_quirk_ends_it_with_a_word() -> None:
    ended = run("--port", "0", "--quirk", "empty_ids")
    assert ended.returncode == 1
    assert "no quirk 'empty_ids'" in ended.stderr
    assert "Traceback" not in ended.stderr


MISSING = """
import sys
sys.modules["uvicorn"] = None
try:
    from gemini_openai.emulator import Emulator
except ImportError as error:
    print(error)
"""


@pytest.mark.process
def test_a_missing_uvicorn_is_told_with_the_command_to_install_it() -> None:
    assert "pip install 'gemini-openai[emulator]'" in run(code=MISSING).stdout


LAZY = """
import sys
import gemini_openai
before = {*sys.modules}
import gemini_openai.emulator as emulator
assert not {"uvicorn", "asyncio", "httpx", "pydantic"} & {*sys.modules}, [*sys.modules]
assert {*emulator.__all__} <= {*dir(emulator)}
[getattr(emulator, name) for name in emulator.__all__]
assert "uvicorn" in sys.modules
ours = [name for name in {*sys.modules} - before if name.startswith("gemini_openai.")]
shared = {"gemini_openai.dialect", "gemini_openai.dialect.model_table"}
apart = ("gemini_openai.emulator", "gemini_openai._primitives", "gemini_openai._serving")
client = [name for name in ours if not name.startswith(apart)]
assert {*client} <= shared, client
assert not {"httpx", "pydantic"} & {*sys.modules}
"""


@pytest.mark.process
def test_the_package_loads_nothing_until_asked_and_never_the_client() -> None:
    ended = run(code=LAZY)
    assert (ended.returncode, ended.stderr) == (0, "")
