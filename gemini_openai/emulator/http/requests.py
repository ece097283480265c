"""The requests the emulator received, and the outcome of each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


class Headers(Mapping[str, str]):
    """HTTP headers: lookups ignore case; `list` keeps them as they were sent."""

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
class Outcome:
    """How a request ended, as far as the emulator can tell."""

    answered: bool = False
    disconnected: bool = False
    status: int | None = None
    size: int = 0


@dataclass(frozen=True)
class Received:
    """A request the emulator received.

    `path` is decoded, `raw_path` is as it was on the wire, `query` has a list of values for each
    name. Lookups in `headers` ignore case. `body` is empty for an upload, whose bytes are
    written to disk as they arrive: `size` counts them.
    """

    method: str
    path: str
    query: dict[str, list[str]] = field(repr=False)  # may have a key
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)
    raw_path: str = field(default="", repr=False)
    outcome: Outcome = field(default_factory=Outcome, repr=False, compare=False)

    @property
    def json(self) -> Any:
        """The body as JSON.

        Raises:
            json.JSONDecodeError: The body is not JSON.
        """
        return json.loads(self.body)

    @property
    def size(self) -> int:
        """The number of bytes of the body that arrived."""
        return self.outcome.size or len(self.body)

    @property
    def answered(self) -> bool:
        """Whether the whole answer was handed to the operating system."""
        return self.outcome.answered

    @property
    def disconnected(self) -> bool:
        """Whether the client closed the connection before the end of its answer."""
        return self.outcome.disconnected
