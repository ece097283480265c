"""A program that closes nothing ends as it should: without a warning, and without a crash."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from gemini_openai.emulator import Emulator

pytestmark = pytest.mark.process

ASK = (
    "chat.completions.create(model='gemini-2.5-flash', messages=[{'role': 'user', 'content': 'x'}]"
)
# A thread that ends with the interpreter may have a lock then, which nobody gives back.
MAP_OF_LOST_LOCK = """
import threading
from gemini_openai import OpenAI
message = dict(role="user", content="x")
results = OpenAI().map([dict(model="gemini-2.5-flash", messages=[message])] * 9)
def end_with_lock():
    thread = threading.Thread(target=results._workers._changed.acquire)
    thread.start()
    thread.join()
"""
PROGRAMS = {
    "a client": f"from gemini_openai import OpenAI\nclient = OpenAI()\nclient.{ASK})",
    "a client of a function": "from gemini_openai import OpenAI\n"
    f"def main():\n    client = OpenAI()\n    client.{ASK})\nmain()",
    # Python 3.13 died here: httpx reads a clock that is gone when it closes a response.
    "a stream": "from gemini_openai import OpenAI\n"
    f"client = OpenAI()\nstream = client.{ASK}, stream=True)\nnext(stream)",
    "results of many calls": f"{MAP_OF_LOST_LOCK}\nnext(results)\nend_with_lock()",
    "results that a generator closes": f"""{MAP_OF_LOST_LOCK}
def answers():
    try:
        yield next(results)
    finally:
        results.close(wait=True)
begun = answers()
next(begun)
end_with_lock()""",
    "the package as a client": f"import gemini_openai\ngemini_openai.{ASK})",
}


@pytest.mark.process
@pytest.mark.parametrize("left_open", PROGRAMS)
def test_a_program_ends_quietly(left_open: str, emulator: Emulator) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", PROGRAMS[left_open]],
        env={
            **os.environ,
            "GEMINI_API_KEY": "any-key",
            "GOOGLE_GEMINI_BASE_URL": emulator.origin,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
