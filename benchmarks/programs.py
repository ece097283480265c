"""Programs that are measured from the start of their interpreter: one for each way and job.

They are as short as a user's. What is printed at the end is what was measured; the program of
`start` prints nothing, since the whole process is.
"""

from __future__ import annotations

from .recorded import TEXT

_ASK = 'model="gemini-2.5-flash", messages=[{"role": "user", "content": "Explain AI."}]'
_SDK = """
from {package} import {client}
client = {client}(api_key="k", base_url=url + "/v1beta/openai/"{more})
"""
_SDK_CALL = f"client.chat.completions.create({_ASK})"
_POST = f"""http.post(
    url + "/v1beta/openai/chat/completions",
    json=dict({_ASK}),
    headers={{"Authorization": "Bearer k"}},
)"""
_FLOOR = """
import httpx
from pydantic_core import from_json
http = httpx.{client}()
"""
_FLOOR_TEXT = 'from_json(answer.content)["choices"][0]["message"]["content"]'
_SDK_TEXT = "answer.choices[0].message.content"
_GENAI = """
from google import genai
client = genai.Client(api_key="k", http_options={"base_url": url})
"""
_LITELLM = 'api_key="k", api_base=url + "/v1beta/openai/", custom_llm_provider="openai"'


def _sdk(package: str, client: str, fast: str = "") -> str:
    if not fast:
        return _SDK.format(package=package, client=client, more="")
    more = f", http_client={fast}()"
    return f"from {package} import {fast}" + _SDK.format(package=package, client=client, more=more)


_MADE = {
    "floor": (_FLOOR.format(client="Client"), _POST, _FLOOR_TEXT),
    "ours": (_sdk("gemini_openai", "OpenAI"), _SDK_CALL, _SDK_TEXT),
    "openai": (_sdk("openai", "OpenAI"), _SDK_CALL, _SDK_TEXT),
    "fast": (_sdk("gemini_openai", "OpenAI", "DefaultFastClient"), _SDK_CALL, _SDK_TEXT),
    "genai": (
        _GENAI,
        'client.models.generate_content(model="gemini-2.5-flash", contents="Explain AI.")',
        "answer.text",
    ),
    "litellm": (
        "import litellm",
        f"litellm.completion({_LITELLM}, {_ASK})",
        _SDK_TEXT,
    ),
}
_MADE_ASYNC = {
    "floor": (_FLOOR.format(client="AsyncClient"), _POST, _FLOOR_TEXT),
    "ours": (_sdk("gemini_openai", "AsyncOpenAI"), _SDK_CALL, _SDK_TEXT),
    "openai": (_sdk("openai", "AsyncOpenAI"), _SDK_CALL, _SDK_TEXT),
    "fast": (_sdk("gemini_openai", "AsyncOpenAI", "DefaultAsyncFastClient"), _SDK_CALL, _SDK_TEXT),
}
_IMPORTS = {
    "floor": "import httpx, pydantic_core",
    "ours": "import gemini_openai",
    "openai": "import openai",
    "genai": "from google import genai",
    "litellm": "import litellm",
}


def start(way: str) -> str:
    """From the start of the process to the first answer."""
    made, call, text = _MADE[way]
    return f"import sys\nurl = sys.argv[1]\n{made}\nanswer = {call}\nassert {text} == {TEXT!r}\n"


def memory(way: str) -> str:
    """Megabytes of memory after the first answer."""
    return start(way) + "from benchmarks.resident import resident\nprint(resident() / 1e6)\n"


def load(way: str) -> str:
    """Milliseconds of the import."""
    return (
        "from time import process_time\nbefore = process_time()\n"
        f"{_IMPORTS[way]}\nprint((process_time() - before) * 1e3)\n"
    )


def first_async(way: str) -> str:
    """Milliseconds of CPU that the first call takes in the thread of its event loop."""
    made, call, text = _MADE_ASYNC[way]
    return f"""
import asyncio, sys
from time import thread_time
url = sys.argv[1]
{made}
async def main():
    before = thread_time()
    answer = await {call}
    spent = thread_time() - before
    assert {text} == {TEXT!r}
    print(spent * 1e3)
asyncio.run(main())
"""


PROGRAMS = {program.__name__: program for program in (start, memory, load, first_async)}
