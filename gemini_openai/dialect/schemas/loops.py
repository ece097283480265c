"""Break recursion through required properties alone, which could not end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .references import below

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .meet import Schema


class Link(NamedTuple):
    """A way that a value of one definition cannot but hold one of another."""

    target: str
    owner: Schema | None
    """The innermost object on the way."""
    name: str
    """Its property."""
    path: str


def break_required_loops(definitions: Mapping[str, Schema]) -> list[Link]:
    """Make optional, in place, the property that closes each loop. Returns those properties."""
    broken: list[Link] = []
    while (link := _closing_link(definitions)) is not None and link.owner is not None:
        required = [name for name in link.owner["required"] if name != link.name]
        link.owner["required"] = required
        words = f"({link.name!r} is required)"
        said = link.owner.get("description")
        link.owner["description"] = f"{said} {words}" if said else words
        broken.append(link)
    return broken


def _closing_link(definitions: Mapping[str, Schema]) -> Link | None:
    done: set[str] = set()
    for start in definitions:
        way: list[tuple[str, Iterator[Link]]] = []
        if start not in done:
            way.append((start, _links(definitions[start], None, "", start)))
        while way:
            name, links = way[-1]
            link = next(links, None)
            if link is None:
                done.add(name)
                way.pop()
            elif any(link.target == passed for passed, _ in way):
                if link.owner is not None:
                    return link
            elif link.target in definitions and link.target not in done:
                target = definitions[link.target]
                way.append((link.target, _links(target, None, "", link.target)))
    return None


def _links(schema: Schema, owner: Schema | None, name: str, path: str) -> Iterator[Link]:
    if "$ref" in schema:
        yield Link(schema["$ref"].removeprefix("#/$defs/"), owner, name, path)
    for member in schema.get("anyOf", ()):
        if any(other.get("type") == "null" for other in schema["anyOf"]):
            break
        yield from _links(member, owner, name, path)
    for required in schema.get("required", ()):
        if required in schema.get("properties", {}):
            where = below(path, "properties", required)
            yield from _links(schema["properties"][required], schema, required, where)
    if schema.get("minItems", 0) > 0 and "items" in schema:
        yield from _links(schema["items"], owner, name, below(path, "items"))
