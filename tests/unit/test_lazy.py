"""The lazy packages: what checkers read, what is imported at run time, and that it is late."""

from __future__ import annotations

import ast
import gc
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path
from weakref import ref

import pytest

import gemini_openai
from gemini_openai._primitives.lazy import attach, without_collections


def lazy_packages() -> dict[str, Path]:
    found = {"gemini_openai": Path(inspect.getfile(gemini_openai))}
    for module in pkgutil.walk_packages(gemini_openai.__path__, "gemini_openai."):
        if module.ispkg and (spec := importlib.util.find_spec(module.name)) and spec.origin:
            found[module.name] = Path(spec.origin)
    return {name: path for name, path in found.items() if "attach(" in path.read_text("utf-8")}


def blocks(path: Path) -> ast.If:
    """The `if TYPE_CHECKING: ... else: ...` of a package."""
    tree = ast.parse(path.read_text("utf-8"))
    (found,) = (
        node
        for node in tree.body
        if isinstance(node, ast.If)
        and isinstance(node.test, ast.Name)
        and node.test.id == "TYPE_CHECKING"
        and node.orelse
    )
    return found


def names_for_checkers(branch: list[ast.stmt]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for node in branch:
        assert isinstance(node, ast.ImportFrom)
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            assert alias.asname == alias.name, f"{alias.name} is not given on"
            found.setdefault(module, set()).add(alias.name)
    return found


def names_at_run_time(branch: list[ast.stmt]) -> dict[str, set[str]]:
    (call,) = (
        node
        for statement in branch
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
        if isinstance(node.func, ast.Name)
        if node.func.id == "attach"
    )
    table = ast.literal_eval(call.args[1])
    return {module: set(names.split()) for module, names in table.items()}


PACKAGES = lazy_packages()


def test_the_packages_of_types_are_lazy() -> None:
    types = {f"gemini_openai.types{tail}" for tail in ("", ".chat", ".shared", ".shared_params")}
    assert types <= set(PACKAGES)


@pytest.mark.parametrize("name", PACKAGES)
def test_checkers_read_what_is_imported_at_run_time(name: str) -> None:
    branches = blocks(PACKAGES[name])
    assert names_for_checkers(branches.body) == names_at_run_time(branches.orelse)


@pytest.mark.parametrize("name", PACKAGES)
def test_every_name_in_the_table_is_in_all_and_is_there(name: str) -> None:
    package = importlib.import_module(name)
    table = names_at_run_time(blocks(PACKAGES[name]).orelse)
    # `from gemini_openai import *` brings no client's `files` or `models`.
    listed = [
        given for home, names in table.items() if home != "._module_client" for given in names
    ]
    others = {given for given in package.__all__ if given not in listed}
    assert others <= vars(package).keys()  # defined in the package itself
    assert sorted(package.__all__) == sorted([*listed, *others])
    assert set(dir(package)) >= set(listed)
    for module, names in table.items():
        source = importlib.import_module(module, name)
        for given in names:
            assert getattr(package, given) is getattr(source, given)


def in_a_new_process(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


@pytest.mark.process
def test_importing_the_types_imports_neither_pydantic_nor_typing_extensions() -> None:
    code = (
        "import sys, gemini_openai.types.chat, gemini_openai.types.shared_params\n"
        "print(sorted({'pydantic', 'typing_extensions'} & set(sys.modules)))"
    )
    assert in_a_new_process(code) == "[]"


@pytest.mark.process
def test_an_answer_brings_no_parameters_and_no_other_endpoint() -> None:
    code = (
        "import sys\n"
        "from gemini_openai.types.chat import ChatCompletion\n"
        "print([m for m in sys.modules if 'gemini_openai' in m and 'param' in m.split('.')[-1]\n"
        "       or m.startswith('gemini_openai.types.')\n"
        "       and not m.startswith(('gemini_openai.types.chat', 'gemini_openai.types.shared'))])"
    )
    assert in_a_new_process(code) == "['gemini_openai.types.completion_usage']"


@pytest.mark.process
def test_submodules_are_attributes_that_import_themselves() -> None:
    code = (
        "import gemini_openai.types\n"
        "print(gemini_openai.types.chat.chat_completion_role.ChatCompletionRole)"
    )
    assert "assistant" in in_a_new_process(code)


def test_an_unknown_name_is_an_attribute_error_that_names_it() -> None:
    package = importlib.import_module("gemini_openai.types.chat")
    with pytest.raises(
        AttributeError, match=r"'gemini_openai\.types\.chat' has no attribute 'Chta'"
    ):
        package.Chta  # noqa: B018
    with pytest.raises(ImportError, match="Chta"):
        exec("from gemini_openai.types.chat import Chta")
    assert not hasattr(package, "__nothing__")


def test_a_submodule_that_lacks_its_own_import_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "a_lazy_package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "part.py").write_text("import a_module_nobody_has\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("a_lazy_package")
    get, _, _ = attach("a_lazy_package", {})
    with pytest.raises(ModuleNotFoundError, match="a_module_nobody_has"):
        get("part")


def test_a_name_is_looked_for_once() -> None:
    package = importlib.import_module("gemini_openai.types.chat")
    found = package.ChatCompletionDeleted
    assert vars(package)["ChatCompletionDeleted"] is found


@pytest.mark.process
def test_everything_can_be_imported_where_warnings_are_errors() -> None:
    program = "import gemini_openai; from gemini_openai import *; OpenAI; ChatCompletion; Timeout"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_collections_are_off_inside_also_when_nested_and_on_again_afterwards() -> None:
    with without_collections():
        with without_collections():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_collections_that_the_app_has_switched_off_stay_off() -> None:
    gc.disable()
    try:
        with without_collections():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_the_app_has_frozen_stays_frozen_and_nothing_else_is() -> None:
    assert gc.get_freeze_count() == 0
    with without_collections():
        pass
    assert gc.get_freeze_count() == 0
    gc.freeze()
    try:
        frozen = gc.get_freeze_count()
        with without_collections():
            pass
        assert gc.get_freeze_count() >= frozen - 10  # those that died meanwhile
    finally:
        gc.unfreeze()


def test_an_error_inside_leaves_collections_on() -> None:
    with pytest.raises(ImportError), without_collections():
        raise ImportError
    assert gc.isenabled()


def test_garbage_that_was_made_inside_is_collected_later() -> None:
    class Node:
        itself: Node

    with without_collections():
        node = Node()
        node.itself = node
        seen = ref(node)
        del node
    gc.collect()
    assert seen() is None
