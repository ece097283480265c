"""Write down the public names and signatures: `python tests/api_surface.py`.

The text, `tests/api_surface.txt`, is the same under each version of Python. Public is what can be
imported by a path without an underscore, except the parts of the package that are for itself.
"""

from __future__ import annotations

import enum
import hashlib
import inspect
import pkgutil
import types
import typing
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typing_extensions

import gemini_openai

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).with_suffix(".txt")
NAME = gemini_openai.__name__
INTERNAL = ("bulk", "cli", "dialect", "emulator.", "proxy.")
"""What is reached through other names: `lib`, the command line, `emulator`, `proxy`."""

_SPECIAL = {"__init__", "__enter__", "__exit__", "__aenter__", "__aexit__", "__iter__", "__aiter__"}
_MEANS = {"TYPE_CHECKING", "annotations", "attach"}  # names that modules need for themselves
_AT_THE_ROOT = {
    value
    for name in gemini_openai.__all__
    if isinstance(value := getattr(gemini_openai, name), type)
}


def surface() -> str:
    """All public names, a line or a block for each."""
    blocks: dict[str, list[str]] = {}
    for path in module_paths():
        module = import_module(path)
        for name in public_names(module):
            value = getattr(module, name)
            if not inspect.ismodule(value):
                blocks[f"{path}.{name}"] = described(f"{path}.{name}", value)
    return "\n".join(line for path in sorted(blocks) for line in blocks[path]) + "\n"


def digest(text: str) -> str:
    """What tells one surface from another, short enough to be copied."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def module_paths() -> Iterator[str]:
    """The public modules of the package."""
    yield NAME
    for module in pkgutil.walk_packages(gemini_openai.__path__, f"{NAME}."):
        below = module.name.removeprefix(f"{NAME}.")
        if not below.startswith(INTERNAL) and not any(
            part.startswith("_") for part in below.split(".")
        ):
            yield module.name


def public_names(module: types.ModuleType) -> list[str]:
    """What a module gives: its `__all__` and settings, or what it defines itself."""
    if hasattr(module, "__path__"):  # packages name what they load later
        found = dir(module)
    else:
        listed = getattr(module, "__all__", ())
        found = [
            name
            for name, value in vars(module).items()
            if name in listed or getattr(value, "__module__", module.__name__) == module.__name__
        ]
    return sorted(
        name
        for name in found
        if name.isidentifier() and not name.startswith("_") and name not in _MEANS
    )


def described(path: str, value: Any) -> list[str]:
    """The lines about one name."""
    if (not inspect.isclass(value) and not inspect.isfunction(value)) or is_alias(value):
        return [f"{path} = {constant(value)}"]
    home = home_of(value)
    if home != path and is_public(home):
        return [f"{path} = {home}"]
    if inspect.isfunction(value):
        return [f"{path}{signature(value)}"]
    bases = ", ".join(base.__name__ for base in value.__bases__ if base is not object)
    return [f"{path}({bases})", *(f"    {line}" for line in members(value))]


def is_alias(value: Any) -> bool:
    """Whether it is a type with arguments; Python 3.10 takes `dict[str, int]` for a class."""
    return typing_extensions.get_origin(value) is not None


def is_public(path: str) -> bool:
    """Whether a path is one that is listed by itself."""
    below = path.removeprefix(f"{NAME}.")
    return (
        path.startswith(f"{NAME}.")
        and not below.startswith(INTERNAL)
        and not any(part.startswith("_") for part in below.split("."))
    )


def members(kind: type) -> Iterator[str]:
    """The fields, attributes and methods of a class, but for those of its public bases."""
    if issubclass(kind, enum.Enum):
        yield from (f"{item.name} = {item.value!r}" for item in kind)
        return
    ours = [
        base
        for base in kind.__mro__
        if base.__module__.startswith(NAME)
        if base is kind or not (base in _AT_THE_ROOT or is_public(home_of(base)))
    ]
    fields: dict[str, str] = {}
    for base in reversed(ours):
        for name, hint in inspect.get_annotations(base).items():
            if not name.startswith("_"):
                default = vars(base).get(name, ...)
                fields[name] = f"{name}: {shown(hint)}" + (
                    "" if default is ... or is_descriptor(default) else f" = {constant(default)}"
                )
    yield from (fields[name] for name in sorted(fields))
    for name in sorted({name for base in ours for name in vars(base)} - fields.keys()):
        if name.startswith(("_", "model_")) and name not in _SPECIAL:  # pydantic's
            continue
        held = next(vars(base)[name] for base in kind.__mro__ if name in vars(base))
        if getattr(held, "__module__", None) != "typing":  # what it gives a `Protocol`
            yield member(name, held, getattr(kind, name, None))


def member(name: str, held: Any, value: Any) -> str:
    """The line about one attribute of a class, `held` in its dictionary."""
    if isinstance(held, (classmethod, staticmethod)):
        return f"@{type(held).__name__} {name}{signature(held.__func__)}"
    if inspect.isfunction(value):
        kind = "async " if inspect.iscoroutinefunction(value) else ""
        return f"{kind}{name}{signature(value)}"
    if isinstance(held, property):
        return f"{name}: {returned(held.fget)} (property)"
    if is_descriptor(held):
        made = getattr(held, "func", None) or getattr(held, "_compute", None)
        return f"{name}: {returned(made)} (property)"
    return f"{name} = {constant(held)}"


def is_descriptor(value: Any) -> bool:
    return hasattr(type(value), "__get__")


def home_of(thing: Any) -> str:
    """The path at which a class or function was defined."""
    return f"{thing.__module__}.{thing.__qualname__}"


def returned(function: Any) -> str:
    return shown(inspect.get_annotations(function).get("return", Any)) if function else "Any"


def signature(function: Any) -> str:
    """The parameters of a function, with hints and defaults as written down.

    Keywords that a `TypedDict` declares have their hints there: here only their names are listed.
    """
    declared = hasattr(function, "__signature__")
    out: list[str] = []
    kinds = inspect.Parameter
    try:
        found = inspect.signature(function)
    except ValueError:
        return "(...)"
    before = None
    for one in found.parameters.values():
        if one.kind is kinds.KEYWORD_ONLY and before not in {
            kinds.VAR_POSITIONAL,
            kinds.KEYWORD_ONLY,
        }:
            out.append("*")
        if before is kinds.POSITIONAL_ONLY and one.kind is not before:
            out.append("/")
        before = one.kind
        if declared and one.kind is kinds.KEYWORD_ONLY:
            out.append(one.name if one.default is one.empty else f"{one.name}=...")
            continue
        star = {kinds.VAR_POSITIONAL: "*", kinds.VAR_KEYWORD: "**"}.get(one.kind, "")
        hint = "" if one.annotation is one.empty else f": {shown(one.annotation)}"
        default = "" if one.default is one.empty else f" = {constant(one.default)}"
        out.append(f"{star}{one.name}{hint}{default}")
    if before is kinds.POSITIONAL_ONLY:
        out.append("/")
    back = "" if found.return_annotation is found.empty else f" -> {shown(found.return_annotation)}"
    return f"({', '.join(out)}){back}"


def constant(value: Any) -> str:
    """A default or a constant; what is no plain value by its type only."""
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    if value is None or isinstance(value, (bool, int, float, str, bytes, tuple)):
        return repr(value)
    if isinstance(value, type) and not is_alias(value):
        return value.__qualname__
    if type(value).__module__.startswith(NAME):
        return f"<{type(value).__name__}>"
    hint = shown(value)
    return hint if is_alias(value) else f"<{type(value).__name__}>"


def shown(hint: Any) -> str:
    """A type hint as one writes it, whichever version of Python holds it how."""
    if isinstance(hint, str):
        return hint.replace('"', "'")
    if hint is None or hint is type(None):
        return "None"
    if hint is ...:
        return "..."
    if isinstance(hint, typing.ForwardRef):
        return hint.__forward_arg__
    if type(hint).__name__ == "TypeVar":  # there is one of typing and one of typing_extensions
        return str(hint.__name__)
    origin, arguments = typing_extensions.get_origin(hint), typing_extensions.get_args(hint)
    if made := vars(hint).get("__pydantic_generic_metadata__", {}) if inspect.isclass(hint) else {}:
        origin, arguments = made["origin"], made["args"]  # a model with arguments is a class
    if origin in {typing.Union, types.UnionType}:
        return " | ".join(map(shown, arguments))
    if origin is typing.Literal:
        return f"Literal[{', '.join(map(repr, arguments))}]"
    if origin is typing.Annotated:
        return shown(arguments[0])
    if isinstance(hint, list):
        return f"[{', '.join(map(shown, hint))}]"
    if origin is not None:
        return f"{shown(origin)}[{', '.join(map(shown, arguments))}]"
    return (
        getattr(hint, "__qualname__", None) or getattr(hint, "_name", None) or type(hint).__name__
    )


if __name__ == "__main__":
    text = surface()
    PAGE.write_text(text, encoding="utf-8")
    print(f"API surface {digest(text)}")
