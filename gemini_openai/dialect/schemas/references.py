"""Find the place in a schema that a `$ref` means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast
from urllib.parse import unquote

from ..._primitives.numbers import whole_number

DEFINITIONS = ("$defs", "definitions")
REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


class SchemaError(ValueError):
    """A schema that cannot be sent. `path` is the place in it, as a JSON pointer."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(f"{message} (at {path or 'the root'} of the schema)")
        self.path = path


def below(path: str, *tokens: str | int) -> str:
    """The JSON pointer of something below `path`."""
    for token in tokens:
        path = f"{path}/{str(token).replace('~', '~0').replace('/', '~1')}"
    return path


def object_at(value: object, path: str) -> Mapping[str, Any]:
    """`value`, which has to be a JSON object."""
    if isinstance(value, (dict, Mapping)):  # the first is quick to tell
        return cast("Mapping[str, Any]", value)
    msg = f"Expected a JSON object, found {value!r}."
    raise SchemaError(msg, path)


def array_at(value: object, path: str) -> Sequence[Any]:
    """`value`, which has to be a JSON array."""
    if isinstance(value, (list, tuple)):
        return cast("Sequence[Any]", value)
    msg = f"Expected a JSON array, found {value!r}."
    raise SchemaError(msg, path)


def resolve(root: Mapping[str, Any], reference: object, path: str) -> tuple[str, object]:
    """The JSON pointer and the value that `reference`, found at `path`, means.

    Raises:
        SchemaError: it points outside the schema, or at nothing.
    """
    if not isinstance(reference, str):
        msg = f"A $ref has to be a string, found {reference!r}."
        raise SchemaError(msg, path)
    document, _, fragment = reference.partition("#")
    start, node = ("", cast("object", root)) if not document else _document(root, document, path)
    fragment = unquote(fragment)
    if not fragment:
        return start, node
    if not fragment.startswith("/"):
        if (found := _anchored(node, fragment, start)) is not None:
            return found
        raise _nothing_there(root, reference, path)
    pointer = start
    for escaped in fragment[1:].split("/"):
        token = escaped.replace("~1", "/").replace("~0", "~")
        if isinstance(node, Mapping) and token in node:
            node = cast("Mapping[str, object]", node)[token]
        elif isinstance(node, list) and (
            (place := whole_number(token, len(cast("Any", node)) - 1)) is not None
        ):
            node = cast("list[object]", node)[place]
        else:
            raise _nothing_there(root, reference, path)
        pointer = below(pointer, token)
    return pointer, node


def _document(root: Mapping[str, Any], document: str, path: str) -> tuple[str, object]:
    if root.get("$id") in {document, document + "#"}:
        return "", root
    for keyword in DEFINITIONS:
        for name, definition in object_at(root.get(keyword, {}), below("", keyword)).items():
            if isinstance(definition, Mapping) and definition.get("$id") == document:  # pyright: ignore[reportUnknownMemberType]
                return below("", keyword, name), cast("object", definition)
    msg = (
        f"$ref {document!r} points outside the schema, and nothing is fetched. "
        "Put what it means into $defs and refer to it as '#/$defs/<name>'."
    )
    raise SchemaError(msg, path)


def _anchored(node: object, anchor: str, pointer: str) -> tuple[str, object] | None:
    if isinstance(node, Mapping):
        children = cast("Mapping[str, object]", node)
        if anchor in (children.get("$anchor"), children.get("$dynamicAnchor")):
            return pointer, children
        if children.get("$id") == f"#{anchor}":
            return pointer, children
        items: Any = children.items()
    elif isinstance(node, list):
        items = enumerate(cast("list[object]", node))
    else:
        return None
    for token, child in items:
        if (found := _anchored(child, anchor, below(pointer, token))) is not None:
            return found
    return None


def _nothing_there(root: Mapping[str, Any], reference: str, path: str) -> SchemaError:
    names = [
        below("#", keyword, name) for keyword in DEFINITIONS for name in root.get(keyword) or ()
    ]
    known = f"Its definitions are {', '.join(names)}." if names else "It has no definitions."
    return SchemaError(
        f"$ref {reference!r} points at nothing in this schema. {known} "
        "Add the definition, or correct the $ref.",
        path,
    )
