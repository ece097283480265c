"""Turn the fields and files of a form into parts, as both HTTP families take them."""

from __future__ import annotations

import io
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
    kind: type = type(file)
    if isinstance(file, os.PathLike):
        return file_from_path(os.fspath(cast("os.PathLike[str]", file)))
    if isinstance(file, (bytes, bytearray)):
        return bytes(file)
    if isinstance(file, io.IOBase) or hasattr(file, "read"):
        return file
    if isinstance(file, tuple) and len(parts := cast("Sequence[Any]", file)) in {2, 3, 4}:
        file_name, content, *more = parts
        if isinstance(content, os.PathLike):
            content = Path(cast("os.PathLike[str]", content)).read_bytes()
        return (file_name, content, *more)
    raise not_a_file(name, kind)


def not_a_file(name: str, kind: type) -> RuntimeError:
    """The error for a parameter that must be a file and is of type `kind`; it says what to pass."""
    hint = (
        "To send the file of that name, pass pathlib.Path(...) or open(..., 'rb'); "
        "to send the text itself, encode it."
        if issubclass(kind, str)
        else "It can be bytes, an open binary file, a pathlib.Path, or a tuple of a file name, "
        "one of those and a MIME type."
    )
    return RuntimeError(f"`{name}` must be a file, not a {kind.__name__}. {hint}")
