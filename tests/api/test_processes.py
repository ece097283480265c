"""A client that was made and used before an app's processes were: gunicorn, multiprocessing."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest

from gemini_openai.emulator import Emulator, GoogleAuth

if TYPE_CHECKING:
    from pathlib import Path

    from typing_extensions import Self

pytestmark = pytest.mark.process

CLIENT = """
import asyncio, multiprocessing, os, sys, threading
from gemini_openai import AsyncOpenAI, OpenAI

world = os.environ["WORLD"]
client = (OpenAI if world == "blocking" else AsyncOpenAI)(max_retries=0, timeout=30)

def call(client, text):
    return client.chat.completions.create(
        model="gemini-2.5-flash", messages=[{"role": "user", "content": text}]
    )

def ask(client, text):
    async def asked():
        return await call(client, text)

    answer = call(client, text) if world == "blocking" else asyncio.run(asked())
    return answer.choices[0].message.content
"""
WSGI = """
def app(environ, start_response):
    answer = ask(client, environ["QUERY_STRING"])
    start_response("200 OK", [("content-type", "text/plain")])
    return [f"{os.getpid()} {answer}".encode()]
"""
ASGI = """
async def app(scope, receive, send):
    answer = (await call(client, scope["query_string"].decode())).choices[0].message.content
    body = f"{os.getpid()} {answer}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})
"""
USED = 'ask(client, "before the fork")\n'
# It goes on, and lets the workers be forked, when it is told that the token call has arrived.
REFRESHING = """
threading.Thread(target=ask, args=(client, "in the master"), daemon=True).start()
sys.stdin.readline()
"""


class Server:
    """An app that gunicorn runs in two processes, and what it is asked."""

    def __init__(self, folder: Path, app: str, worker: str, **environment: str) -> None:
        pytest.importorskip("gunicorn", reason="gunicorn runs where processes can fork")
        (folder / "app_of_test.py").write_text(app)
        listening = socket.create_server(("127.0.0.1", 0))
        self._url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        command = [sys.executable, "-m", "gunicorn", "app_of_test:app", "--preload"]
        command += ["--workers=2", f"--worker-class={worker}", f"--bind=fd://{listening.fileno()}"]
        if worker == "gthread":
            command.append("--threads=4")
        self.process = subprocess.Popen(
            [*command, "--pythonpath", str(folder)],
            env={**os.environ, "GEMINI_API_KEY": "any-key", **environment},
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            pass_fds=[listening.fileno()],
        )
        listening.close()
        # A connection that is kept would belong to one of the processes.
        self._web = httpx.Client(trust_env=False, timeout=40, headers={"connection": "close"})

    def ask(self, text: str) -> tuple[int, str]:
        """The process that answered, and its answer."""
        response = self._web.get(f"{self._url}?{text}")
        assert response.status_code == 200, response.text
        process, _, answer = response.text.partition(" ")
        return int(process), answer

    def go_on(self) -> None:
        """Let the app begin that waits for a line."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._web.close()
        self.process.send_signal(signal.SIGTERM)
        _, log = self.process.communicate(timeout=40)
        assert "Traceback" not in log, log


@pytest.mark.parametrize(
    ("world", "app", "worker"),
    [
        ("blocking", WSGI, "sync"),
        ("blocking", WSGI, "gthread"),
        ("asyncio", WSGI, "sync"),
        ("asyncio", WSGI, "gthread"),
        ("asyncio", ASGI, "uvicorn.workers.UvicornWorker"),
    ],
    ids=["sync", "gthread", "sync-asyncio", "gthread-asyncio", "uvicorn"],
)
def test_gunicorns_workers_get_their_own_answers(
    world: str, app: str, worker: str, emulator: Emulator, tmp_path: Path
) -> None:
    environment = {"WORLD": world, "GOOGLE_GEMINI_BASE_URL": emulator.origin}

    def ask_all() -> set[int]:
        texts = [f"question-{number}" for number in range(24)]
        answers = [*pool.map(server.ask, texts)]
        for text, (_, answer) in zip(texts, answers, strict=True):
            assert answer.endswith(text)
        return {process for process, _ in answers}

    with (
        Server(tmp_path, CLIENT + USED + app, worker, **environment) as server,
        ThreadPoolExecutor(8) as pool,
    ):
        one, *_ = ask_all()
        os.kill(one, signal.SIGSTOP)
        [other] = ask_all()
        os.kill(one, signal.SIGCONT)
        assert ask_all() <= {one, other}
    assert server.process.pid not in {one, other}


@pytest.mark.parametrize("world", ["blocking", "asyncio"])
def test_gunicorns_workers_forked_during_a_refresh_make_their_own(
    world: str, tmp_path: Path
) -> None:
    google = GoogleAuth()
    with Emulator(google=google) as emulator, google.hold() as hold:
        key_file = tmp_path / "key.json"
        key_file.write_text(json.dumps(google.service_account(emulator.origin, "robot")))
        environment = {
            "WORLD": world,
            "GOOGLE_GENAI_USE_VERTEXAI": "true",
            "GOOGLE_VERTEX_BASE_URL": emulator.origin,
            "GOOGLE_CLOUD_PROJECT": "p",
            "GOOGLE_APPLICATION_CREDENTIALS": str(key_file),
        }
        with (
            Server(tmp_path, CLIENT + REFRESHING + WSGI, "sync", **environment) as server,
            ThreadPoolExecutor(1) as pool,
        ):
            google.wait_for_calls(1, timeout=30)
            server.go_on()
            asked = pool.submit(server.ask, "question")
            google.wait_for_calls(2, timeout=30)
            hold.release()
            assert asked.result(30)[1].endswith("question")


MULTIPROCESSING = """
def work(given, text):
    return ask(client, text), ask(given, text)

if __name__ == "__main__":
    ask(client, "before the processes")
    texts = [f"question {number}" for number in range(12)]
    with multiprocessing.get_context(sys.argv[1]).Pool(2) as pool:
        answers = pool.starmap_async(work, [(client, text) for text in texts], chunksize=1)
        for number in range(12):  # meanwhile this process goes on
            assert ask(client, f"mine {number}").endswith(f"mine {number}")
        for text, both in zip(texts, answers.get(40)):
            assert all(answer.endswith(text) for answer in both), both
"""


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
@pytest.mark.parametrize("world", ["blocking", "asyncio"])
def test_multiprocessings_workers_get_their_own_answers(
    method: str, world: str, emulator: Emulator, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(CLIENT + MULTIPROCESSING)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(program), method],
        env={
            **os.environ,
            "WORLD": world,
            "GEMINI_API_KEY": "any-key",
            "GOOGLE_GEMINI_BASE_URL": emulator.origin,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert (done.stderr, done.returncode) == ("", 0)
