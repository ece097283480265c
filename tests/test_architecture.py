"""The laws of docs/architecture.md, read off the source."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "gemini_openai"
FILES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def sources(*patterns: str, but: tuple[str, ...] = ()) -> list[Path]:
    found = [path for path in FILES if any(path.match(f"gemini_openai/{p}") for p in patterns)]
    return [path for path in found if not name_of(path).startswith(but)]


def imported(path: Path) -> set[str]:
    """The modules that a file imports, those of the package by their path within it."""
    home = path.relative_to(PACKAGE.parent).with_suffix("").parts
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            if not node.level:
                found.add(node.module or "")
                continue
            base = ".".join(home[: len(home) - node.level])
            module = f"{base}.{node.module}" if node.module else base
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


def imports_any(path: Path, *modules: str) -> set[str]:
    return {
        name
        for name in imported(path)
        for module in modules
        if name == module or name.startswith(f"{module}.")
    }


LOCKED = ("signatures.py", "rate_limit.py")  # they remember things for many threads


@pytest.mark.parametrize(
    "path",
    sources(
        "dialect/*.py",
        "dialect/schemas/*.py",
        "_retry.py",
        "_sse.py",
        "_exchange.py",
        "_request.py",
        "lib/rate_limit.py",
        "lib/_attempts.py",
    ),
    ids=name_of,
)
def test_what_is_pure_does_no_io(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [n for n in ast.walk(tree) if isinstance(n, (ast.AsyncFunctionDef, ast.Await))]
    forbidden = ("httpx", "httpx2", "anyio", "asyncio", "socket", "time", "random", "threading")
    allowed = {"threading"} if path.name in LOCKED else set()
    assert not imports_any(path, *forbidden) - allowed


@pytest.mark.parametrize("path", sources("dialect/*.py", "dialect/schemas/*.py"), ids=name_of)
def test_the_dialect_knows_json_and_nothing_above_it(path: Path) -> None:
    ours = {name for name in imports_any(path, "gemini_openai") if name != "gemini_openai"}
    assert all(name.startswith("gemini_openai.dialect") for name in ours)
    assert not imports_any(path, "pydantic")


@pytest.mark.parametrize("path", sources("emulator/*.py", "emulator/*/*.py"), ids=name_of)
def test_the_emulator_imports_nothing_of_the_client(path: Path) -> None:
    ours = {name for name in imports_any(path, "gemini_openai") if name != "gemini_openai"}
    allowed = ("gemini_openai.emulator", "gemini_openai._version")
    assert all(name.startswith(allowed) for name in ours)


@pytest.mark.parametrize(
    ("layer", "above"),
    [
        ("_wire.py", ("resources", "_client", "lib", "cli", "emulator")),
        ("_exchange.py", ("resources", "_client", "_wire", "_streaming", "lib", "_drivers")),
        ("_drivers.py", ("resources", "_client", "_wire", "_streaming", "lib")),
        ("_streaming.py", ("resources", "_client", "_wire", "_exchange", "lib")),
        ("_decode.py", ("resources", "_client", "_wire", "_exchange", "_streaming", "lib")),
        ("_retry.py", ("resources", "_client", "_wire", "_exchange", "_streaming", "lib")),
        ("_models.py", ("resources", "_client", "_wire", "_exchange", "_streaming", "lib")),
        ("_http.py", ("resources", "_client", "_wire", "_exchange", "_streaming", "lib")),
        (
            "types/*.py",
            ("resources", "_client", "_wire", "_exchange", "_streaming", "lib", "_http"),
        ),
        ("types/chat/*.py", ("resources", "_client", "_wire", "_exchange", "_streaming", "lib")),
        ("resources/*.py", ("_client", "_exchange", "_drivers", "_http", "cli", "emulator")),
    ],
)
def test_imports_go_down(layer: str, above: tuple[str, ...]) -> None:
    paths = sources(layer)
    assert paths
    for path in paths:
        wrong = imports_any(path, *(f"gemini_openai.{name}" for name in above))
        typing_only = _imported_for_typing(path)
        assert not wrong - typing_only, name_of(path)


def _imported_for_typing(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    blocks = [
        ast.Module(node.body, [])
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
    ]
    found = set()
    home = path.relative_to(PACKAGE.parent).with_suffix("").parts
    for block in blocks:
        for node in ast.walk(block):
            if isinstance(node, ast.ImportFrom) and node.level:
                base = ".".join(home[: len(home) - node.level])
                module = f"{base}.{node.module}" if node.module else base
                found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


def test_one_file_knows_the_two_http_families() -> None:
    """Others may name them for type checkers, or take whichever is in hand."""
    knowing = set()
    for path in FILES:
        names = imports_any(path, "httpx", "httpx2") - _plain_typing_imports(path)
        if names:
            knowing.add(name_of(path))
    assert knowing <= {"_http.py", "_default_clients.py"}


def _plain_typing_imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for inner in node.body
        if isinstance(inner, (ast.Import, ast.ImportFrom))
        for name in (
            [alias.name for alias in inner.names]
            if isinstance(inner, ast.Import)
            else [inner.module or ""]
        )
    }


def test_every_module_says_what_it_is() -> None:
    silent = [
        name_of(path)
        for path in FILES
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


@pytest.mark.parametrize("word", ["utils", "helpers", "manager", "misc", "common"])
def test_no_file_is_called_by_nothing(word: str) -> None:
    assert not [name_of(path) for path in FILES if word in path.stem]
