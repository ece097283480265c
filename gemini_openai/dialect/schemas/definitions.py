"""Put definitions where a `$ref` uses them, or keep them by name in `$defs`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from .finish import finish
from .keywords import Adaptation
from .meet import Schema, size
from .references import SchemaError, below, resolve

REPEAT_LIMIT = 2_000
"""Sub-schemas that may be repeated where they are used; with more, definitions stay in `$defs`."""

Compose = Callable[[Adaptation, object, str], Schema]


class TooManyRepeats(Exception):
    """Putting every definition where it is used would repeat more than `REPEAT_LIMIT`."""


def referred(run: Adaptation, pointer: str, target: object, compose: Compose) -> Schema:
    """What stands for a reference to `target`."""
    fresh = pointer not in run.bodies
    if pointer in run.pending:
        _name(run, pointer)
        return {"$ref": f"#/$defs/{run.names[pointer]}"}
    if fresh:
        run.pending.add(pointer)
        body = finish(run, compose(run, target, pointer), pointer)
        run.pending.discard(pointer)
        run.bodies[pointer] = body
        refuse_self(run, pointer)
    if not run.inline:
        _name(run, pointer)
    if pointer in run.names:
        return {"$ref": f"#/$defs/{run.names[pointer]}"}
    if not fresh:
        _repeat(run, pointer)
    return run.bodies[pointer]


def refuse_self(run: Adaptation, pointer: str) -> None:
    """Raise `SchemaError` for a definition that is nothing but a reference to itself."""
    body = run.bodies[pointer]
    only = {"$ref": f"#/$defs/{run.names.get(pointer)}"}
    if pointer in run.names and (body == only or body.get("anyOf") == [only]):
        msg = "The schema here refers to itself and says nothing else."
        raise SchemaError(msg, pointer)


def definition(run: Adaptation, reference: str, *, once: bool = False) -> Schema | None:
    """The definition that stays in `$defs`; None while it is being rewritten, or is too large.

    `once`: it is used once only, and its size does not matter.
    """
    for pointer, name in run.names.items():
        if reference == f"#/$defs/{name}" and pointer in run.bodies:
            if once:
                return run.bodies[pointer]
            try:
                _repeat(run, pointer)
            except TooManyRepeats:
                if run.inline:
                    raise
                return None
            return run.bodies[pointer]
    return None


def has_type(run: Adaptation, node: object, kind: object, where: str) -> bool:
    """Whether a schema, or the definition that it refers to, says that it is of this type."""
    if isinstance(node, Mapping) and "$ref" in node and "references" in run.rules:
        reference = cast("Mapping[str, object]", node)["$ref"]
        node = resolve(run.root, reference, where)[1]
    return isinstance(node, Mapping) and cast("Mapping[str, object]", node).get("type") == kind


def kept_definitions(run: Adaptation, result: Schema) -> dict[str, Schema]:
    """Those of the definitions with a name that `result` needs, by name."""
    bodies = {name: run.bodies[pointer] for pointer, name in run.names.items()}
    kept: dict[str, Schema] = {}
    waiting = _names_in(result)
    while waiting:
        name = waiting.pop()
        if name in bodies and name not in kept:
            kept[name] = bodies[name]
            waiting |= _names_in(bodies[name])
    return {name: kept[name] for name in bodies if name in kept}


def _names_in(value: Any) -> set[str]:
    if isinstance(value, Mapping):
        node = cast("Mapping[str, Any]", value)
        found: set[str] = set()
        if isinstance(reference := node.get("$ref"), str):
            found.add(reference.removeprefix("#/$defs/"))
        for child in node.values():
            found |= _names_in(child)
        return found
    if isinstance(value, list):
        return set[str]().union(*(_names_in(child) for child in cast("Iterable[Any]", value)))
    return set()


def _repeat(run: Adaptation, pointer: str) -> None:
    run.repeated += size(run.bodies[pointer])
    if run.repeated > REPEAT_LIMIT:
        raise TooManyRepeats


def _name(run: Adaptation, pointer: str) -> None:
    if pointer in run.names:
        return
    last = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
    stem = re.sub(r"[^\w.-]", "_", last or str(run.root.get("title") or "Root"))
    name, count = stem, 1
    while name in run.names.values():
        count += 1
        name = f"{stem}_{count}"
    run.names[pointer] = name


def place_of(run: Adaptation, name: str) -> str:
    """Where the definition of this name stands in the user's schema."""
    for pointer, given in run.names.items():
        if given == name:
            return pointer
    return below("", "$defs", name)
