"""Programs in whose process `import openai` gives this package."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import openai
import pytest

from gemini_openai.as_openai._install import OPENAI_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable

    from gemini_openai.emulator import Emulator

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
INSTALL = "import gemini_openai; gemini_openai.install_as_openai()\n"


def run(*command: str, path: str | None = None, cwd: Path | None = None, **environment: str) -> str:
    """What a Python process prints; it must end well and warn of nothing."""
    done = subprocess.run(
        [sys.executable, "-W", "error", *command],
        env={**os.environ, "PYTHONPATH": path or str(ROOT), "GEMINI_API_KEY": "k", **environment},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=55,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def without(tmp_path: Path) -> Callable[..., str]:
    """Make a place with all that is installed here but for some packages."""

    def make(*packages: str) -> str:
        place = tmp_path / "packages"
        place.mkdir()
        left_out = {name for package in packages for name in (package, f"{package}.py")}
        for entry in Path(openai.__file__).parents[1].iterdir():
            project = entry.name.partition("-")[0]
            if entry.name not in left_out and project not in packages:
                (place / entry.name).symlink_to(entry)
        return os.pathsep.join([str(ROOT), str(place)])

    return make


def test_every_module_is_the_same_object_under_both_names() -> None:
    run(
        "-c",
        INSTALL
        + """
import sys
import openai, openai.types.chat, openai._models, openai.lib.streaming.chat
from openai.types.chat import ChatCompletion
from openai.resources.chat.completions import Completions

assert openai is gemini_openai
assert openai.types.__spec__.name == "gemini_openai.types"
from gemini_openai.types.chat.chat_completion import ChatCompletion as Same
assert ChatCompletion is Same
import gemini_openai.resources.chat.completions
assert Completions is gemini_openai.resources.chat.completions.Completions
ours = {id(m): n for n, m in sys.modules.items() if n.startswith("gemini_openai")}
for name, module in list(sys.modules.items()):
    if name.startswith("openai") and f"gemini_{name}" in sys.modules:
        assert module is sys.modules[f"gemini_{name}"], name
""",
    )


def test_what_is_missing_here_is_borrowed_and_derives_from_classes_of_ours() -> None:
    run(
        "-c",
        INSTALL
        + """
import openai
from openai.types.responses import Response, ResponseCompletedEvent
from openai.lib.streaming._assistants import AssistantEventHandler
from openai._models import GenericModel
from openai._types import HeadersLike
from openai._utils import is_given

assert issubclass(Response, gemini_openai.BaseModel)
assert Response.__module__ == "openai.types.responses.response"
assert issubclass(openai.types.Moderation, gemini_openai.BaseModel)
assert issubclass(GenericModel, gemini_openai.BaseModel)
assert openai.AssistantEventHandler is AssistantEventHandler
assert not is_given(openai.NOT_GIVEN)
from openai._resource import SyncAPIResource
assert isinstance(openai.OpenAI().chat, SyncAPIResource)
from openai._base_client import SyncHttpxClientWrapper, DefaultHttpxClient
assert DefaultHttpxClient is openai.DefaultHttpxClient
event = ResponseCompletedEvent.construct(type="response.completed", sequence_number=1)
assert event.sequence_number == 1
for missing in ("openai.nothing", "openai.types.nothing"):
    try:
        __import__(missing)
    except ModuleNotFoundError as error:
        assert error.name == missing
    else:
        raise AssertionError(missing)
assert not hasattr(openai.types, "Nothing")
""",
    )


NAMES_OF_OPENAI = """
import importlib, pkgutil
from contextlib import suppress
from types import ModuleType
import openai
modules = [module.name for module in pkgutil.walk_packages(openai.__path__, "openai.")]
for module in ["openai", *modules]:
    with suppress(ImportError):  # it needs an extra of openai's
        names = {**vars(importlib.import_module(module))}
        print(module, *(name for name in names if not isinstance(names[name], ModuleType)))
"""

MISSING_HERE = """
import importlib, pathlib
for line in pathlib.Path("names").read_text().splitlines():
    module, *names = line.split(" ")
    found = importlib.import_module(module)
    for name in names:
        if name.isidentifier() and not name.startswith("_") and not hasattr(found, name):
            print(f"{module}.{name}")
"""

NOT_TO_BE_HAD = {
    "openai.lib.azure.BaseAzureClient",  # derives from openai's own way to type a client
    "openai.lib._old_api.symbol",  # the variable of a loop
    "openai.override",  # an import of its own
}


def test_every_public_name_of_every_module_of_openai_is_there(tmp_path: Path) -> None:
    (tmp_path / "names").write_text(run("-W", "ignore", "-c", NAMES_OF_OPENAI), encoding="utf-8")
    missing = run("-W", "ignore", "-c", INSTALL + MISSING_HERE, cwd=tmp_path)
    assert {*missing.split()} == NOT_TO_BE_HAD


def test_the_version_is_that_of_the_installed_openai() -> None:
    shown = run(
        "-c",
        INSTALL
        + """
import importlib.metadata, openai
from openai.version import VERSION
print(openai.__version__, VERSION, importlib.metadata.version("openai"))
""",
    )
    assert shown.split() == [openai.__version__] * 3
    assert OPENAI_VERSION.rpartition(".")[0] == openai.__version__.rpartition(".")[0]


def test_the_http_classes_are_of_the_family_that_openai_3_uses(emulator: Emulator) -> None:
    run(
        "-c",
        INSTALL
        + """
import httpx2, openai
assert openai.Timeout is httpx2.Timeout
assert issubclass(openai.DefaultAsyncHttpxClient, httpx2.AsyncClient)
assert isinstance(openai.DEFAULT_TIMEOUT, httpx2.Timeout)
http = openai.DefaultHttpxClient(transport=httpx2.HTTPTransport())
assert isinstance(http, httpx2.Client)
with openai.OpenAI(http_client=http, timeout=openai.Timeout(9)) as client:
    assert client.models.list().data
""",
        GOOGLE_GEMINI_BASE_URL=emulator.base_url,
    )


def test_it_is_refused_where_openai_is_loaded_unless_it_is_forced() -> None:
    run(
        "-c",
        """
import openai as real
from openai import OpenAI
import gemini_openai
try:
    gemini_openai.install_as_openai()
except RuntimeError as error:
    assert "python -m gemini_openai.as_openai" in str(error)
else:
    raise AssertionError
import openai
assert openai is real
gemini_openai.install_as_openai(force=True)
import openai
from openai.types.responses import Response
assert openai is gemini_openai
assert issubclass(Response, gemini_openai.BaseModel)
assert OpenAI is real.OpenAI
""",
    )


def test_several_threads_may_install_and_import_it() -> None:
    run(
        "-c",
        """
import sys, threading
import gemini_openai
start = threading.Barrier(8)
found = []

def work():
    start.wait()
    gemini_openai.install_as_openai()
    from openai.types.chat import ChatCompletion
    from openai.types.responses import Response
    from openai._types import HeadersLike
    import openai._models
    found.append((ChatCompletion, Response, openai._models))

threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert len(found) == 8 and len(set(found)) == 1, found
assert len([f for f in sys.meta_path if type(f).__name__ == "OpenAIFinder"]) == 1
""",
    )


def test_without_an_installed_openai_what_is_missing_says_what_to_install(
    without: Callable[..., str],
) -> None:
    run(
        "-S",
        "-c",
        INSTALL
        + f"""
import importlib.metadata, httpx2
import openai
from openai.types.chat import ChatCompletion
from openai.types import Completion
assert openai.__version__ == importlib.metadata.version("OpenAI") == {OPENAI_VERSION!r}
assert [d.name for d in importlib.metadata.distributions()].count("openai") == 1
assert openai.Timeout is httpx2.Timeout
advice = "pip install 'gemini-openai[openai]'"
for statement in (
    "import openai.types.responses",
    "openai.types.Moderation",
):
    try:
        exec(statement)
    except (ModuleNotFoundError, AttributeError) as error:
        assert advice in str(error), error
    else:
        raise AssertionError(statement)
assert not hasattr(openai, "AssistantEventHandler")
""",
        path=without("openai"),
    )


def test_without_httpx2_the_classes_are_those_of_openai_2(without: Callable[..., str]) -> None:
    run(
        "-S",
        "-c",
        INSTALL
        + """
import httpx, openai
assert openai.__version__.startswith("2.")
assert issubclass(openai.DefaultHttpxClient, httpx.Client)
assert openai.Timeout is httpx.Timeout
""",
        path=without("openai", "httpx2", "httpcore2"),
    )


PROGRAM = """
import sys
import beside
from openai import OpenAI

assert __name__ == "__main__"
print(sys.argv)
answer = OpenAI().chat.completions.create(
    model="gemini-2.5-flash", messages=[{"role": "user", "content": "Hello"}]
)
print(type(answer).__module__, beside.VALUE, __file__)
sys.exit(int(sys.argv[-1]))
"""


@pytest.mark.parametrize("by_module", [False, True])
def test_a_command_runs_a_program_that_imports_openai(
    emulator: Emulator, tmp_path: Path, by_module: bool
) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "beside.py").write_text("VALUE = 'beside'\n", encoding="utf-8")
    named = ["-m", "program"] if by_module else [str(program)]
    done = subprocess.run(
        [sys.executable, "-m", "gemini_openai.as_openai", *named, "--flag", "3"],
        cwd=tmp_path if by_module else ROOT,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "GEMINI_API_KEY": "k",
            "GOOGLE_GEMINI_BASE_URL": emulator.base_url,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=55,
    )
    assert done.returncode == 3, done.stderr
    arguments, rest = done.stdout.splitlines()
    assert arguments == str([str(program), "--flag", "3"])
    assert rest == f"gemini_openai.types.chat.chat_completion beside {program}"


@pytest.mark.parametrize("arguments", [(), ("-m",), ("--help",)])
def test_the_command_says_how_it_is_used(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gemini_openai.as_openai", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=55,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("usage: python -m gemini_openai.as_openai")
