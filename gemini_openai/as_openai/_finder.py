"""Find the modules of `openai`: ours under its name, and the installed ones for what ours lacks."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.metadata import Distribution, DistributionFinder
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ._borrowed import NOTHING, OURS, THEIRS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ._borrowed import InstalledOpenAI

MOVED = {"_resource": "resources._resource"}
"""Private modules of `openai` that frameworks import, and where they are here."""


class OpenAIFinder(MetaPathFinder):
    """Gives `openai` and its submodules, and the distribution if none is installed."""

    def __init__(self, installed: InstalledOpenAI | None, version: str) -> None:
        self._installed = installed
        self._version = version
        self._completed: set[str] = set()

    def introduce(self, packages: Iterable[str]) -> None:
        """Import these under the name of `openai`, and complete all that is loaded already."""
        loaded = [name for name in sys.modules if name.startswith(f"{OURS}.")]
        for name in loaded:
            self._complete(sys.modules[name], THEIRS + name.removeprefix(OURS))
        for name in ("", *(f".{package}" for package in packages)):
            import_module(THEIRS + name)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module of ours, else that of the installed `openai`.

        Raises `ModuleNotFoundError` that says what to install, where neither is there.
        """
        if fullname != THEIRS and not fullname.startswith(f"{THEIRS}."):
            return None
        if (module := _ours(fullname)) is not None:
            self._complete(module, fullname)
            return _SameSpec(fullname, module)
        if self._installed is not None:
            return self._installed.spec(fullname)
        # As for a missing `openai`: an import of one name out of a package tells of no other.
        raise ModuleNotFoundError(f"No module named {fullname!r}: {_MISSING}", name=THEIRS)

    def find_distributions(
        self, context: DistributionFinder.Context | None = None
    ) -> Iterator[Distribution]:
        """The distribution `openai`; none where one is installed, which speaks for itself."""
        name = context and context.name
        if self._installed is None and (name or THEIRS).lower() == THEIRS:
            yield _Distribution(self._version)

    def _complete(self, module: ModuleType, fullname: str) -> None:
        """Let `module` have the names that it lacks of `openai`'s module `fullname`."""
        if fullname not in self._completed:
            self._completed.add(fullname)
            own = vars(module).get("__getattr__")
            vars(module)["__getattr__"] = _with_borrowed(module, fullname, own, self._installed)


def _ours(fullname: str) -> ModuleType | None:
    """The module of this package that stands for `fullname`; None if there is none."""
    inner = fullname.removeprefix(THEIRS).removeprefix(".")
    path = ".".join(filter(None, (OURS, MOVED.get(inner, inner))))
    try:
        return import_module(path)
    except ModuleNotFoundError as missing:
        if not f"{path}.".startswith(f"{missing.name}."):  # it is there; what it imports is not
            raise
        return None


class _SameModule(Loader):
    """Gives a module that is loaded already, under another name."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._spec = module.__spec__

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec  # the import put that of the other name there


class _SameSpec(ModuleSpec):
    """The spec of a module under the name of `openai`, until it is loaded."""

    def __init__(self, fullname: str, module: ModuleType) -> None:
        super().__init__(fullname, _SameModule(module), is_package=hasattr(module, "__path__"))
        self._parent = module.__package__

    @property
    def parent(self) -> str | None:
        """Ours: another thread may be in the module, importing by a relative path."""
        return self._parent


def _with_borrowed(
    module: ModuleType,
    fullname: str,
    own: Callable[[str], Any] | None,
    installed: InstalledOpenAI | None,
) -> Callable[[str], Any]:
    """A `__getattr__` for `module`: its `own`, then what `openai` has of that name."""

    def get(name: str) -> Any:
        if own is not None:
            try:
                value = own(name)
            except AttributeError:
                pass
            else:
                if isinstance(value, ModuleType) and value.__name__ == f"{module.__name__}.{name}":
                    import_module(f"{fullname}.{name}")  # so that it is completed
                return value
        if name.startswith("__"):
            raise AttributeError(f"module {fullname!r} has no attribute {name!r}")
        if installed is None:
            raise AttributeError(f"module {fullname!r} has no attribute {name!r}: {_MISSING}")
        missing = f"module {fullname!r} has no attribute {name!r}"
        try:
            value = installed.attribute(module, fullname, name)
        except ImportError:  # of a package that openai needs for it
            raise
        except Exception as unfit:
            raise AttributeError(f"{missing} that goes with gemini_openai") from unfit
        if value is NOTHING:
            raise AttributeError(missing)
        setattr(module, name, value)
        return value

    return get


_MISSING = (
    "gemini_openai stands for openai here, and takes what is not for Gemini from an installed "
    "openai, which is missing. Install it with: pip install 'gemini-openai[openai]'"
)


class _Distribution(Distribution):
    """What `importlib.metadata` gives for `openai` where none is installed."""

    def __init__(self, version: str) -> None:
        self._metadata = f"Metadata-Version: 2.1\nName: {THEIRS}\nVersion: {version}\n"

    def read_text(self, filename: str) -> str | None:
        return {"METADATA": self._metadata, "top_level.txt": THEIRS}.get(filename)

    def locate_file(self, path: Any) -> Path:
        return Path(path)
