"""Turn a request, or a row somebody prepared, into a line of input that Gemini takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ..._call.encode import encode_json
from ..._call.prepare import translate
from ..._call.request import FinalRequestOptions
from ..._exceptions import InvalidRequestError, NotSupportedError
from ...dialect import BATCH_ENDPOINTS, CHAT_ENDPOINT, EMBEDDINGS_ENDPOINT

if TYPE_CHECKING:
    from ..._base_client import BaseClient

_NEEDED = {CHAT_ENDPOINT: "messages", EMBEDDINGS_ENDPOINT: "input"}
_ROW_KEYS = frozenset({"custom_id", "method", "url", "body"})


class BadRow(ValueError):
    """A row that cannot be sent; the text says why."""


class Row(NamedTuple):
    """A line of input; `needs_request`: its answer can only be read beside it.

    `given_names` are the app's names of functions, by those in the line.
    """

    custom_id: str
    line: bytes
    needs_request: bool
    given_names: Mapping[str, str]


class RowMaker:
    """Makes the rows of one run.

    Args:
        client: whose dialect the bodies are put into, as for single calls.
        endpoint: what all rows ask for; None takes that of the first good one.
        shared: parameters of every row that does not have them itself.
    """

    def __init__(
        self, client: BaseClient[Any, Any, Any], endpoint: str | None, shared: Mapping[str, Any]
    ) -> None:
        self.endpoint = endpoint
        self._client = client
        self._shared = dict(shared)

    def row(self, number: int, request: object) -> Row:
        """The line for a request. Raises `BadRow`."""
        if not isinstance(request, Mapping):
            raise BadRow(
                f"It is not a JSON object but {type(request).__name__}: {_shown(request)}."
            )
        given = cast("Mapping[str, Any]", request)
        is_row = "body" in given and given.keys() <= _ROW_KEYS
        body: Any = (
            given["body"] if is_row else {k: v for k, v in given.items() if k != "custom_id"}
        )
        if not isinstance(body, Mapping):
            raise BadRow(f"Its body is not a JSON object: {_shown(body)}.")
        body = {**self._shared, **cast("Mapping[str, Any]", body)}
        endpoint = self._endpoint(given if is_row else {}, body)
        self._check(body, endpoint)
        try:
            options = FinalRequestOptions("post", endpoint.removeprefix("/v1"), json_data=body)
            translation = translate(self._client._settings, options)
            sent: Any = translation.body
            custom_id = str(given.get("custom_id") or f"row-{number}")
            line = encode_json(
                {"custom_id": custom_id, "method": "POST", "url": endpoint, "body": sent}
            )
        except (InvalidRequestError, NotSupportedError, TypeError, ValueError) as trouble:
            raise BadRow(str(trouble)) from None
        _check_whole(line, *translation.given_names.values())
        self.endpoint = endpoint
        needs_request = "extra_body" in sent or "tools" in sent
        return Row(custom_id, line + b"\n", needs_request, translation.given_names)

    def _endpoint(self, row: Mapping[str, Any], body: Mapping[str, Any]) -> str:
        url = row.get("url")
        if url is None:
            wanted = (
                EMBEDDINGS_ENDPOINT if "input" in body and "messages" not in body else CHAT_ENDPOINT
            )
            url = self.endpoint or wanted
        if url not in BATCH_ENDPOINTS:
            raise BadRow(
                f"Its url is {url!r}. Gemini offers batches of {' and '.join(BATCH_ENDPOINTS)}."
            )
        if self.endpoint is not None and url != self.endpoint:
            raise BadRow(
                f"Its url is {url}, and this run asks for {self.endpoint}: one run, one endpoint. "
                "Send such rows in a run of their own."
            )
        return str(url)

    def _check(self, body: Mapping[str, Any], endpoint: str) -> None:
        if not body.get("model"):
            raise BadRow(
                "It names no model. Add one, or give one for all rows with run(model=...)."
            )
        needed = _NEEDED[endpoint]
        if not body.get(needed):
            raise BadRow(f"It has no {needed}, which {endpoint} needs.")
        if body.get("stream"):
            raise BadRow("It asks for a stream, which batches do not offer.")


def checked_endpoint(endpoint: str) -> str:
    """`endpoint` as batches name it. Raises `ValueError` for any other."""
    full = endpoint if endpoint.startswith("/v1/") else f"/v1/{endpoint.lstrip('/')}"
    if full not in BATCH_ENDPOINTS:
        raise ValueError(
            f"endpoint is {endpoint!r}. Gemini offers batches of {' and '.join(BATCH_ENDPOINTS)}."
        )
    return full


def _check_whole(line: bytes, *names: str) -> None:
    """Raise `BadRow` for what could not be read again when the row is answered, and paid for."""
    try:
        line.decode()
        "".join(names).encode()
    except UnicodeError:
        raise BadRow(
            "It has half of a character (a lone surrogate). Send whole characters."
        ) from None


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
