"""Turn the fields and files of a form into parts, as both HTTP families take them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from .query import flat_pairs

if TYPE_CHECKING:
    from .._types import RequestFiles


def form_parts(body: Mapping[str, object] | None, files: RequestFiles) -> list[tuple[str, Any]]:
    """The parts of a form: the fields of `body`, nested ones in brackets, then the files.

    A field is a part without a file name, so that a form without any file is one too.

    Raises `RuntimeError` for a file that is none of bytes, an open file, a path or a tuple.
    """
    fields: list[tuple[str, Any]] = [
        (name, (None, text))
        for key, value in (body or {}).items()
        for name, text in flat_pairs(key, value)
    ]
    entries = files.items() if isinstance(files, Mapping) else files
    return [*fields, *((name, _part(name, file)) for name, file in entries)]


def file_from_path(path: str) -> tuple[str, bytes]:
    """The file at `path`, read, with its name; for any parameter that takes a file."""
    return Path(path).name, Path(path).read_bytes()


def _part(name: str, file: object) -> Any:
    file_name, content, *more = split_file(name, file)
    if isinstance(content, os.PathLike):
        content = Path(cast("os.PathLike[str]", content)).read_bytes()
    return (file_name, bytes(content) if isinstance(content, bytearray) else content, *more)


def split_file(parameter: str, file: object) -> Sequence[Any]:
    """A file name, the content, and what else is in a tuple. Raises as `name_of_file` does."""
    content: Any = file
    if isinstance(file, tuple) and len(parts := cast("Sequence[Any]", file)) in {2, 3, 4}:
        return parts
    return name_of_file(parameter, content), content


def name_of_file(parameter: str, content: Any) -> str:
    """The name that a path or an open file has, or bytes get.

    Raises `RuntimeError` for what is not a file; it says what to pass.
    """
    if isinstance(content, os.PathLike):
        return Path(cast("os.PathLike[str]", content)).name
    if isinstance(content, (bytes, bytearray)) or hasattr(content, "read"):
        name = getattr(content, "name", None)
        return (
            isinstance(name, str) and Path(name).name
        ) or "upload"  # openai's, where it has none
    hint = (
        "To send the file of that name, pass pathlib.Path(...) or open(..., 'rb'); "
        "to send the text itself, encode it."
        if isinstance(content, str)
        else "It can be bytes, an open binary file, a pathlib.Path, or a tuple of a file name, "
        "one of those and a MIME type."
    )
    raise RuntimeError(f"`{parameter}` must be a file, not a {type(content).__name__}. {hint}")
