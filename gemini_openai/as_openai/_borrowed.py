"""Take modules and names from the files of an installed `openai`, without importing it as such.

They are executed under their own names while `openai` is this package. So what they import of
`openai` is ours, and their classes derive from ours.
"""

from __future__ import annotations

import ast
import sys
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    from typing_extensions import Self

OURS = __name__.partition(".")[0]
THEIRS = "openai"
NOTHING: Any = object()


class InstalledOpenAI:
    """The files of an `openai` that is installed, and what was taken from them."""

    def __init__(self, locations: Sequence[str]) -> None:
        self._locations = locations
        self._sources: dict[str, _Source | None] = {}

    @classmethod
    def find(cls) -> Self | None:
        """The one that `import openai` would load; None if there is none."""
        for finder in sys.meta_path:
            find_spec = getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = find_spec(THEIRS, None) if find_spec else None
            if spec is not None and spec.submodule_search_locations:
                found = cls([*spec.submodule_search_locations])
                return found if found.spec(f"{THEIRS}._client") else None
        return None

    @property
    def version(self) -> str:
        """Its version, as its distribution has it, or else its own file."""
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version(THEIRS)
        except PackageNotFoundError:
            source = self._source(f"{THEIRS}._version")
            return "0" if source is None else str(source.piece("__version__"))

    def spec(self, fullname: str) -> ModuleSpec | None:
        """How to load its module of this name; None if it has none."""
        *folders, _ = fullname.split(".")
        places = [str(Path(place).parent.joinpath(*folders)) for place in self._locations]
        return PathFinder.find_spec(fullname, places)

    def attribute(self, module: ModuleType, fullname: str, name: str) -> Any:
        """The attribute `name` of its module `fullname`, for which `module` stands.

        `NOTHING` if it has none.
        """
        source = self._source(fullname)
        if source is None:
            return NOTHING
        if name in source.imported:
            return _imported(*source.imported[name])
        if hasattr(module, "__path__") and self.spec(f"{fullname}.{name}") is not None:
            return import_module(f"{fullname}.{name}")
        if name not in source.defined or fullname == THEIRS:  # what that defines are settings
            return NOTHING
        package = sys.modules[OURS]
        if fullname.startswith(f"{THEIRS}._") and name in vars(package)["__all__"]:
            return getattr(package, name)  # here it is in another module
        return source.piece(name, module)

    def _source(self, fullname: str) -> _Source | None:
        if fullname not in self._sources:
            spec = self.spec(fullname)
            get_source = getattr(spec and spec.loader, "get_source", None)
            text = get_source(fullname) if get_source else None
            self._sources[fullname] = _Source(spec, text) if spec and text else None
        return self._sources[fullname]


class _Source:
    """A module of `openai` that ours stands for, of which single definitions are executed.

    Attributes:
        imported: the names that it imports from `openai`: the module that has each, and its name
            there, or None for the module itself.
        defined: all other names, with the places of the statements that define each.
    """

    def __init__(self, spec: ModuleSpec, text: str) -> None:
        self.imported: dict[str, tuple[str, str | None]] = {}
        self.defined: dict[str, list[int]] = {}
        self._spec = spec
        self._body = ast.parse(text).body
        self._namespace: dict[str, Any] = {}
        self._executed: set[int] = set()
        self._executing: set[tuple[int, int]] = set()
        package = (spec.parent or "").split(".")
        # A package loads at its first use what it imports for type checkers alone.
        for_checkers = spec.submodule_search_locations is not None
        for place, statement in enumerate(self._body):
            for simple in _simple_statements(statement, for_checkers=for_checkers):
                if isinstance(simple, ast.ImportFrom) and simple.level:
                    self._note_import(simple, package[: len(package) - simple.level + 1])
                for name in _names_of(simple):
                    self.defined.setdefault(name, []).append(place)

    def _note_import(self, statement: ast.ImportFrom, base: list[str]) -> None:
        for alias in statement.names:
            name = alias.asname or alias.name
            if statement.module is None:
                self.imported[name] = (".".join([*base, alias.name]), None)
            else:
                self.imported[name] = (".".join([*base, statement.module]), alias.name)

    def piece(self, name: str, ours: ModuleType | None = None) -> Any:
        """The value of a name, after executing what defines it and what that needs.

        What the module `ours` has of that, is taken from there.
        """
        if not self._namespace:
            self._namespace.update(vars(module_from_spec(self._spec)))
        needed, places = [name], set[int]()
        for wanted in needed:
            if ours is not None and (own := _own(ours, wanted)) is not NOTHING:
                self._namespace.setdefault(wanted, own)
                continue
            for place in self.defined.get(wanted, ()):
                if place not in places:
                    places.add(place)
                    needed += _names_in(self._body[place])
        for place in sorted(places):
            self._execute(place)
        return self._namespace.get(name, NOTHING)

    def _execute(self, place: int) -> None:
        # No lock: an import in the statement waits for other threads, which may come here. Two of
        # them may execute it; one does not while it does already, in a circle of imports.
        turn = (get_ident(), place)
        if place in self._executed or turn in self._executing:
            return
        self._executing.add(turn)
        future = [line for line in self._body[:place] if _is_future(line)]
        tree = ast.Module(body=[*future, self._body[place]], type_ignores=[])
        code = compile(tree, self._spec.origin or self._spec.name, "exec", dont_inherit=True)
        try:
            exec(code, self._namespace)  # noqa: S102  # what `import openai` would execute
        finally:
            self._executing.discard(turn)
        self._executed.add(place)


def _simple_statements(statement: ast.stmt, *, for_checkers: bool) -> Iterator[ast.stmt]:
    """A statement of a module, or those in it that run at the top level of the module."""
    if isinstance(statement, ast.If):
        checked = ast.unparse(statement.test).rpartition(".")[2] == "TYPE_CHECKING"
        inner = [*([] if checked and not for_checkers else statement.body), *statement.orelse]
    elif isinstance(statement, ast.Try):
        handled = [line for handler in statement.handlers for line in handler.body]
        inner = [*statement.body, *handled, *statement.orelse]
    else:
        yield statement
        return
    for line in inner:
        yield from _simple_statements(line, for_checkers=for_checkers)


def _names_of(statement: ast.stmt) -> list[str]:
    """The names that a statement binds."""
    if isinstance(statement, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
        return [statement.name]
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return [(alias.asname or alias.name).partition(".")[0] for alias in statement.names]
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        found = ast.walk(statement)
        return [n.id for n in found if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return []


def _names_in(statement: ast.stmt) -> list[str]:
    """The names that a statement reads, and those that it binds in several steps."""
    return [node.id for node in ast.walk(statement) if isinstance(node, ast.Name)]


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _own(module: ModuleType, name: str) -> Any:
    """What a module of ours has itself by this name, be it loaded or not."""
    if name in vars(module) or name in vars(module).get("__all__", ()):
        return getattr(module, name)
    return NOTHING


def _imported(home: str, name: str | None) -> Any:
    module = import_module(home)
    return module if name is None else getattr(module, name)
