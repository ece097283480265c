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
PROGRAMS = {
    "a client": f"from gemini_openai import OpenAI\nclient = OpenAI()\nclient.{ASK})",
    "a client of a function": "from gemini_openai import OpenAI\n"
    f"def main():\n    client = OpenAI()\n    client.{ASK})\nmain()",
    # Python 3.13 died here: httpx reads a clock that is gone when it closes a response.
    "a stream": "from gemini_openai import OpenAI\n"
    f"client = OpenAI()\nstream = client.{ASK}, stream=True)\nnext(stream)",
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
    )
    assert (done.returncode, done.stderr) == (0, "")
