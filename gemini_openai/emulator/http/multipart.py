"""Parse a `multipart/form-data` body that arrives in pieces of any size."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.message import Message
from email.utils import collapse_rfc2231_value

from .blob import Blob

_END_OF_HEADERS = b"\r\n\r\n"


@dataclass
class Part:
    """A field or a file of a form."""

    name: str
    file_name: str | None
    content_type: str
    content: Blob = field(default_factory=Blob)

    @property
    def text(self) -> str:
        """The value of a field."""
        return self.content.read().decode("utf-8", "replace")


class Form:
    """A parser that takes the body as it arrives; the contents of large parts go to disk.

    Attributes:
        parts: The parts so far, in their order.
        complete: Whether the closing delimiter has come.
    """

    def __init__(self, boundary: bytes) -> None:
        self._delimiter = b"\r\n--" + boundary
        self._rest = b"\r\n"  # so that the first delimiter is like the others
        self._in_part = False
        self.parts: list[Part] = []
        self.complete = False

    def take(self, data: bytes) -> None:
        """Parse some more bytes."""
        self._rest += data
        while not self.complete and self._parse_next():
            pass

    def _parse_next(self) -> bool:
        """Continue with the next part or its content; return whether more can be parsed now."""
        at = self._rest.find(self._delimiter)
        if at < 0:
            # The last bytes may be the beginning of a delimiter.
            self._keep(max(0, len(self._rest) - len(self._delimiter)))
            return False
        self._keep(at)
        after = self._rest[len(self._delimiter) :]
        if after.startswith(b"--"):
            self.complete = True
            return False
        headers, found, rest = after.partition(_END_OF_HEADERS)
        if not found:
            return False
        self.parts.append(_part(headers))
        self._in_part = True
        self._rest = rest
        return True

    def _keep(self, length: int) -> None:
        if self._in_part:
            self.parts[-1].content.append(self._rest[:length])
        self._rest = self._rest[length:]
        if self._rest.startswith(self._delimiter):
            self._in_part = False

    def field(self, name: str) -> str:
        """The text of a field; empty where there is none."""
        return next((part.text for part in self.parts if part.name == name), "")

    def file(self, name: str) -> Part | None:
        """The file that was sent under that name, if any."""
        found = (part for part in self.parts if part.name == name and part.file_name is not None)
        return next(found, None)


def boundary_of(content_type: str) -> bytes | None:
    """The boundary that a `Content-Type` names, if it is that of a form."""
    if not content_type.lower().startswith("multipart/form-data"):
        return None
    found = re.search(r'boundary="?([^";,]+)', content_type)
    return found[1].encode("latin-1") if found else None


def _part(headers: bytes) -> Part:
    message = Message()
    for line in headers.decode("utf-8", "replace").split("\r\n"):
        header, colon, value = line.partition(":")
        if colon:
            message[header.strip()] = value.strip()
    # A name that is not ASCII may be encoded (RFC 2231); get_param gives a triple then.
    name = collapse_rfc2231_value(message.get_param("name", "", "content-disposition") or "")
    kind = message.get_content_type() if "content-type" in message else "application/octet-stream"
    return Part(name, message.get_filename(), kind)
