"""The laws of docs/architecture.md, read off the source."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "gemini_openai"

LAYERS = (
    "as_openai cli",
    "proxy",
    "emulator emulator/server",
    "emulator/routes",
    "emulator/state",
    "emulator/answers",
    "emulator/http",
    "__init__",
    "_module_client",
    "transport _transport",
    "_client lib/_old_api lib/azure lib/bedrock lib/batches lib/rate_limit",
    "bulk",
    "resources",
    "lib",
    "_google/upload _google/sources",
    "_base_client",
    "_telemetry/observe",
    "pagination",
    "_call/views",
    "_legacy_response",
    "_response",
    "_call/answer _call/binary",
    "_streaming",
    "_call/event_reader",
    "_call/prepare _call/perform _call/bounded",
    "_call/bounds",
    "_settings",
    "_telemetry",
    "_google",
    "_call/exchange _call/retry",
    "parts",
    "_exceptions",
    "_http",
    "types",
    "_models",
    "_call",
    "_types",
    "dialect/__init__ dialect/translation",
    "dialect/routes",
    "dialect/chat",
    "dialect/refusals",
    "dialect",
    "dialect/schemas",
    "_serving",
    "_primitives",
    "_constants _version version",
)
"""From top to bottom: a module imports from its own layer and from those below, at load, inside
functions and for type checkers alike. A folder stands for what of it has no entry of its own. The
package's `__init__` names everything, lazily."""


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


FILES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in FILES.items()}


def module_named(dotted: str) -> str | None:
    """The file, by its name here, of a module of the package."""
    root, _, inner = dotted.partition(".")
    if root != PACKAGE.name:
        return None
    inner = inner.replace(".", "/")
    for name in (inner, f"{inner}/__init__".lstrip("/")):
        if name in FILES:
            return name
    return None


def is_for_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def imported(name: str, *, for_checkers: bool = True) -> set[str]:
    """The modules that a file imports anywhere in it; those of the package by their file's name."""
    home = (PACKAGE.name, *name.split("/"))
    found: set[str] = set()
    left = [TREES[name]]
    while left:
        node = left.pop()
        if is_for_checkers(node) and not for_checkers:
            continue
        left += [*ast.iter_child_nodes(node)]  # type: ignore[list-item]
        if isinstance(node, ast.Import):
            found |= {module_named(alias.name) or alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(home[: len(home) - node.level]) if node.level else ""
            whole = ".".join(part for part in (base, node.module) if part)
            for alias in node.names:
                submodule = module_named(f"{whole}.{alias.name}")
                found.add(submodule or module_named(whole) or whole)
    return found


def libraries(name: str, *, for_checkers: bool = True) -> set[str]:
    """The packages that are not ours, by the first part of their names."""
    others = imported(name, for_checkers=for_checkers) - FILES.keys()
    return {module.partition(".")[0] for module in others}


def layer_of(name: str) -> int:
    """The place of a module in the list: that of the longest entry which it is, or is in."""
    places = {entry: place for place, layer in enumerate(LAYERS) for entry in layer.split()}
    fitting = [entry for entry in places if name == entry or name.startswith(f"{entry}/")]
    assert fitting, f"{name} is in no layer"
    return places[max(fitting, key=len)]


@pytest.mark.parametrize("name", [name for name in FILES if name != "__init__"])
def test_imports_go_down(name: str) -> None:
    own = layer_of(name)
    assert not {other for other in imported(name) & FILES.keys() if layer_of(other) < own}


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: (imported(name) & FILES.keys()) - {name, "__init__"} for name in FILES}
    while True:
        used = {other for others in graph.values() for other in others}
        left = {n: others & graph.keys() for n, others in graph.items() if others and n in used}
        if left == graph:
            break
        graph = left
    assert not graph


def test_every_entry_of_the_list_of_layers_is_there() -> None:
    assert not [e for layer in LAYERS for e in layer.split() if e not in FILES and not within(e)]


def test_the_root_has_openais_names_and_what_users_import() -> None:
    assert len([name for name in FILES if "/" not in name and name != "__main__"]) <= 17


def within(*folders: str) -> list[str]:
    return [name for name in FILES if name.startswith(tuple(f"{folder}/" for folder in folders))]


PURE = [
    *within("dialect"),
    "_call/exchange",
    "_call/request",
    "_call/retry",
    "_call/sse",
    "bulk/attempts",
    "bulk/batches/effects",
    "bulk/batches/engine",
    "bulk/rate_limit",
]
MODEL_TABLE = "dialect/model_table"  # data, which the emulator has in common with the client
LOCKED = (
    "dialect/chat/signatures",
    "dialect/chat/requests/efforts",
    "bulk/rate_limit",
)  # they remember things for many threads


@pytest.mark.parametrize("name", PURE)
def test_what_is_pure_does_no_io(name: str) -> None:
    assert not [
        n for n in ast.walk(TREES[name]) if isinstance(n, (ast.AsyncFunctionDef, ast.Await))
    ]
    forbidden = {"httpx", "httpx2", "anyio", "asyncio", "socket", "time", "random", "threading"}
    allowed = {"threading"} if name in LOCKED else set()
    assert not libraries(name) & forbidden - allowed


@pytest.mark.parametrize("name", within("dialect"))
def test_the_dialect_knows_json_and_nothing_above_it(name: str) -> None:
    allowed = {*within("dialect"), *within("_primitives")}
    assert not (imported(name) & FILES.keys()) - allowed
    assert "pydantic" not in libraries(name)


@pytest.mark.parametrize("name", within("emulator"))
def test_the_emulator_imports_nothing_of_the_client_but_the_facts_of_models(name: str) -> None:
    allowed = {*within("emulator", "_serving"), "_version", "__init__", MODEL_TABLE}
    assert not (imported(name) & FILES.keys()) - allowed


@pytest.mark.parametrize("name", within("bulk"))
def test_what_is_done_in_bulk_takes_resources_and_not_the_client(name: str) -> None:
    assert "_client" not in imported(name)


def test_one_module_steps_generators() -> None:
    def steps(tree: ast.Module) -> bool:
        calls = (n.func for n in ast.walk(tree) if isinstance(n, ast.Call))
        thrown = (f for f in calls if isinstance(f, ast.Attribute) and f.attr == "throw")
        return any(thrown)

    assert [name for name, tree in TREES.items() if steps(tree)] == ["_call/effects"]


def test_one_folder_knows_the_two_http_families() -> None:
    """Others may name them for type checkers, or take whichever is in hand."""
    knowing = {name for name in FILES if libraries(name, for_checkers=False) & {"httpx", "httpx2"}}
    assert knowing <= {*within("_http")}


def test_every_module_says_what_it_is() -> None:
    assert [name for name, tree in TREES.items() if not ast.get_docstring(tree)] == []


def test_every_folder_begins_with_what_belongs_there_in_six_lines() -> None:
    folders = {n: ast.get_docstring(tree) for n, tree in TREES.items() if n.endswith("/__init__")}
    long = {name: text for name, text in folders.items() if not text or len(text.split("\n")) > 6}
    assert not long


@pytest.mark.parametrize("word", ["utils", "helpers", "manager", "misc", "common"])
def test_no_file_is_called_by_nothing(word: str) -> None:
    assert not [name for name in FILES if word in name.rpartition("/")[2]]


def test_from_outside_only_the_face_of_the_dialect_is_imported_and_inside_never() -> None:
    face, inside = "dialect/__init__", set(within("dialect"))
    wrong = {
        name: found & {face} if name in inside else found - {face, MODEL_TABLE}
        for name in FILES
        if (found := imported(name) & inside)
    }
    assert not any(wrong.values()), {name: found for name, found in wrong.items() if found}
