"""Put this package in the place of `openai`, for the rest of the process."""

from __future__ import annotations

import sys
from typing import Any

from .._http.family import family_named
from .._primitives.fork import loading
from ._borrowed import OURS, THEIRS, InstalledOpenAI
from ._finder import OpenAIFinder

__all__ = ["install_as_openai"]

OPENAI_VERSION = "3.57.0"
"""The version to be taken for where no `openai` is installed: the one that is mirrored."""
OPENAI_VERSION_ON_HTTPX = "2.54.0"
"""The same where httpx2 is missing, on which openai 3 is built."""

PACKAGES = (
    "lib",
    "lib.streaming",
    "resources",
    "resources.chat",
    "types",
    "types.chat",
    "types.shared",
    "types.shared_params",
)
"""Packages that are made known at once: programs read their names as attributes of `openai`."""


def install_as_openai(*, force: bool = False) -> None:
    """Make `import openai` give this package in this process, for all code that comes after.

    The modules are the same objects under both names. What this package does not have of `openai`,
    such as the types of the Responses API, is taken from the files of the installed `openai`; its
    base classes are then this package's. Without an installed `openai` those names are missing.
    `__version__` becomes that of the installed `openai`, and from 3 on `DefaultHttpxClient`,
    `Timeout` and the like are those of httpx2, as frameworks expect.

    Call it before anything imports `openai`. A second call does nothing; there is no way back.

    Args:
        force: install it even where `openai` is loaded already. Modules that imported names from
            it keep those.

    Raises:
        RuntimeError: `openai` is loaded already, and `force` is not given.
    """
    with loading:
        if any(isinstance(finder, OpenAIFinder) for finder in sys.meta_path):
            return
        loaded = [name for name in sys.modules if f"{name}.".startswith(f"{THEIRS}.")]
        if loaded and not force:
            raise RuntimeError(
                "openai is imported already, so some code has its classes by now. Call "
                "install_as_openai() before anything that imports openai, or run the program with "
                "python -m gemini_openai.as_openai program.py. install_as_openai(force=True) "
                "serves what is imported from now on."
            )
        installed = InstalledOpenAI.find()
        _take_its_place(installed)
        for name in loaded:
            del sys.modules[name]
        finder = OpenAIFinder(installed, _version(installed))
        sys.meta_path.insert(0, finder)
        finder.introduce(PACKAGES)


def _version(installed: InstalledOpenAI | None) -> str:
    if installed is not None:
        return installed.version
    return OPENAI_VERSION if _has_httpx2() else OPENAI_VERSION_ON_HTTPX


def _has_httpx2() -> bool:
    try:
        family_named("httpx2")
    except ImportError:
        return False
    return True


def _take_its_place(installed: InstalledOpenAI | None) -> None:
    """Give the package the version of `openai`, and the HTTP classes that go with it."""
    from .. import version
    from .._http import default_clients
    from .._http.family import default_limits, default_timeout

    package = sys.modules[OURS]
    number = _version(installed)
    version.VERSION = number
    names: dict[str, Any] = {"__version__": number}
    if int(number.partition(".")[0]) >= 3 and _has_httpx2():
        family = family_named("httpx2")
        names |= {
            "DEFAULT_CONNECTION_LIMITS": default_limits(family),
            "DEFAULT_TIMEOUT": default_timeout(family),
            "DefaultAsyncHttpxClient": default_clients.DefaultAsyncHttpx2Client,
            "DefaultHttpxClient": default_clients.DefaultHttpx2Client,
            "Timeout": family.Timeout,
            "Transport": family.BaseTransport,
        }
    for name, value in names.items():
        setattr(package, name, value)
