"""Import the modules of a package when one of their names is first used."""

from __future__ import annotations

import gc
import sys
from importlib import import_module

TYPE_CHECKING = False  # `import typing` would cost more than this file
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from functools import cached_property as cached_property
    from typing import Any
else:

    class cached_property:  # noqa: N801  # it stands in for one of that name
        """`functools.cached_property`, without importing `functools`.

        And without the lock it has before Python 3.12: a process that is forked while another
        thread computes a value would wait for that lock for ever.
        """

        def __init__(self, compute) -> None:
            self._compute = compute
            self.__doc__ = compute.__doc__

        def __set_name__(self, owner, name) -> None:
            self._name = name

        def __get__(self, instance, owner=None):
            if instance is None:
                return self
            return instance.__dict__.setdefault(self._name, self._compute(instance))


class late_module:  # noqa: N801  # it stands in for a module
    """A module that is imported when a name of it is first used.

    An import inside a function costs 3 µs in every call of it; this, 0.1 µs.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        value = getattr(import_module(self._name), name)
        setattr(self, name, value)  # so that this runs once for a name
        return value


class without_collections:  # noqa: N801  # it stands beside `contextlib.suppress`
    """Collect no garbage while modules are loaded: what they make stays.

    The passes over it take 15 ms of a start, where each meets a cold cache. What was made counts as
    old afterwards, as it would after the passes. The thresholds stay as they are, and so does what
    the app has frozen or switched off.
    """

    def __enter__(self) -> None:
        self._was_on = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        if self._was_on:
            if hasattr(gc, "freeze") and not gc.get_freeze_count():  # PyPy has no such thing
                gc.freeze()
                gc.unfreeze()  # into the oldest generation
            gc.enable()


def attach(
    package: str, exports: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Make `__getattr__`, `__dir__` and `__all__` for `package`.

    `exports` has the names that each module gives, in one string: `{".chat": "Chat AsyncChat"}`.
    Submodules need no entry: `package.module` is imported at first access.
    """
    home = {name: module for module, names in exports.items() for name in names.split()}

    def get(name: str) -> Any:
        if name in home:
            value = getattr(import_module(home[name], package), name)
        else:
            value = _submodule(package, name)
        setattr(sys.modules[package], name, value)  # so that this runs once for a name
        return value

    return get, lambda: sorted({*home, *vars(sys.modules[package])}), sorted(home)


def _submodule(package: str, name: str) -> Any:
    path = f"{package}.{name}"
    missing = f"module {package!r} has no attribute {name!r}"
    if name.startswith("__"):
        raise AttributeError(missing)
    try:
        return import_module(path)
    except ModuleNotFoundError as error:
        if error.name != path:  # the module is there; what it imports is not
            raise
        raise AttributeError(missing) from None
