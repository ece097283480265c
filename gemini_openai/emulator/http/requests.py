"""The requests that came: what was sent, and what became of each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


class Headers(Mapping[str, str]):
    """HTTP headers: looked up without regard to case; `list` keeps them as they came."""

    def __init__(self, raw: Sequence[tuple[bytes, bytes]]) -> None:
        self.list = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in raw]
        self._values: dict[str, str] = {}
        for name, value in self.list:
            key = name.lower()
            self._values[key] = f"{self._values[key]}, {value}" if key in self._values else value

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Headers({', '.join(self._values)})"  # names only: a value may be a key


@dataclass
class Fate:
    """What became of a request, as far as the emulator can tell."""

    answered: bool = False
    disconnected: bool = False
    status: int | None = None
    size: int = 0


@dataclass(frozen=True)
class Received:
    """A request the emulator got.

    `path` is decoded, `raw_path` is as it was on the wire, `query` has a list of values for each
    name. `headers` are looked up without regard to case. `body` is empty for the bytes of an
    upload, which go to disk as they come: `size` counts their bytes.
    """

    method: str
    path: str
    query: dict[str, list[str]]
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)
    raw_path: str = field(default="", repr=False)
    fate: Fate = field(default_factory=Fate, repr=False, compare=False)

    @property
    def json(self) -> Any:
        """The body as JSON.

        Raises:
            json.JSONDecodeError: The body is something else.
        """
        return json.loads(self.body)

    @property
    def size(self) -> int:
        """How many bytes of the body came."""
        return self.fate.size or len(self.body)

    @property
    def answered(self) -> bool:
        """Whether the whole answer was handed to the operating system."""
        return self.fate.answered

    @property
    def disconnected(self) -> bool:
        """Whether the client went away before the end of its answer."""
        return self.fate.disconnected
