"""Adapt requests for embeddings, and their answers."""

from __future__ import annotations

import base64
import re
import sys
from array import array
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import SchemaValidator, core_schema, from_json

from ..._primitives.json_types import is_array, is_object
from ..models import with_wire_model
from ..notes import AdaptedRequest, AnswerError, InvalidRequestError, Note
from ..nulls import adapt_nulls
from ..parameters import adapt_parameters
from ..settings import DEFAULT_SETTINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..settings import Settings
    from ..table import RepairName

MAX_EMBEDDING_INPUTS = 100
"""Texts in one request: "at most 100 requests can be in one batch", the server says."""
_TOKENS = (
    "token ids, and Gemini embeds text only: its tokens are not OpenAI's. Give the texts "
    "themselves (LangChain: OpenAIEmbeddings(check_embedding_ctx_length=False))."
)
_KINDS: dict[type[object], str] = {
    type(None): "null",
    bool: "a boolean",
    dict: "an object",
    list: "a list",
}


def adapt_embedding_request(
    body: dict[str, Any], settings: Settings = DEFAULT_SETTINGS, first_input: int = 0
) -> AdaptedRequest:
    """Adapt the body of `POST /embeddings`: floats on the wire, whatever the caller is to get.

    Errors count the texts from `first_input`.

    Raises:
        InvalidRequestError: the input is not text, or a text of it is empty.
        UnsupportedParameterError: Gemini lacks a parameter, and the policy is `"error"`.
    """
    if "input" in body:
        _check_inputs(body["input"], settings, first_input)
    body, notes = with_wire_model(body, settings)
    body, nulls = adapt_nulls(body, settings)
    body, more = adapt_parameters(body, "embeddings", settings)
    notes = [*notes, *nulls, *more]
    if settings.on("embedding-format") and body.get("encoding_format") != "float":
        if body.get("encoding_format") is not None:
            notes.append(Note("embedding-format", "the vectors are asked for as floats"))
        body = {**body, "encoding_format": "float"}
    return AdaptedRequest(body, notes)


def split_inputs(
    body: dict[str, Any], settings: Settings = DEFAULT_SETTINGS
) -> list[dict[str, Any]]:
    """The bodies to send for one: each with at most 100 inputs, in order.

    Raises:
        InvalidRequestError: the input is not text, or a text of it is empty: told of all of them
            before the first is sent.
    """
    inputs = body.get("input")
    if (
        not settings.on("embedding-batches")
        or not is_array(inputs)
        or len(inputs) <= MAX_EMBEDDING_INPUTS
    ):
        return [body]
    _check_inputs(inputs, settings)
    return [
        {**body, "input": inputs[i : i + MAX_EMBEDDING_INPUTS]}
        for i in range(0, len(inputs), MAX_EMBEDDING_INPUTS)
    ]


def adapt_embeddings(
    answer: dict[str, Any],
    body: dict[str, Any],
    settings: Settings = DEFAULT_SETTINGS,
    *,
    as_base64: bool = False,
) -> dict[str, Any]:
    """The answer to `body` with every index, and with usage, 0 where none is given.

    `as_base64` gives each vector as base64 of little-endian 32-bit floats, as OpenAI does for
    `encoding_format="base64"`.

    Raises:
        AnswerError: there are more or fewer vectors than texts.
    """
    items = answer.get("data")
    data = _in_order(items) if is_array(items) else []
    if settings.on("embedding-count"):
        _check_count(data, body)
    out = dict(answer)
    if settings.on("embedding-fields"):
        out["data"] = [_placed(item, place) for place, item in enumerate(data)]
        out["usage"] = _usage(answer.get("usage"))
        out["object"] = "list"
    if as_base64:
        items = out.get("data")
        out["data"] = [_packed(item) for item in items] if is_array(items) else []
    return out if out != answer else answer


def joined_answers(
    answers: Sequence[Any],
    bodies: Sequence[dict[str, Any]],
    settings: Settings = DEFAULT_SETTINGS,
) -> dict[str, Any]:
    """The answers to the parts of one request as one: vectors counted through, usage summed.

    Raises:
        AnswerError: an answer has more or fewer vectors than its part has texts.
    """
    parts = [
        adapt_embeddings(answer if is_object(answer) else {}, body, settings)
        for answer, body in zip(answers, bodies, strict=True)
    ]
    data = [item for part in parts for item in part.get("data") or ()]
    used = [_usage(part.get("usage")) for part in parts]
    return {
        **parts[0],
        "data": [_placed(item, place) for place, item in enumerate(data)],
        "usage": {key: sum(counts[key] for counts in used) for key in used[0]},
    }


class Apart(NamedTuple):
    """An answer whose vectors are beside it.

    Attributes:
        answer: where a vector stands, this has a list with its number alone.
        vectors: lists of floats, which need no further check.
    """

    answer: dict[str, Any]
    vectors: Sequence[list[float]]

    def of(self, embedding: Sequence[float]) -> list[float]:
        """The vector in whose place `embedding` stands."""
        return self.vectors[int(embedding[0])]


def vectors_apart(data: bytes) -> Apart | None:
    """The JSON of an answer, its vectors read as floats at once; None if anything in it is odd.

    Nearly all of an answer is numbers. To read them as any JSON first, and then to look at each
    once more, costs a fifth more than this.
    """
    outline: list[bytes] = []
    vectors: list[list[float]] = []
    end = 0
    try:
        while found := _VECTOR.search(data, end):
            start = found.end() - 1
            outline += (data[end:start], b"[%d]" % len(vectors))
            end = data.index(b"]", start) + 1
            vectors.append(_floats().validate_json(data[start:end]))
        value = from_json(b"".join((*outline, data[end:])))
    except ValueError:
        return None
    items = value.get("data") if is_object(value) and value.get("object") == "list" else None
    if not is_array(items) or len(items) != len(vectors) or "error" in value:
        return None
    for number, item in enumerate(items):
        if not is_object(item) or item.get("embedding") != [number]:
            return None
    return Apart(value, vectors)


# The key of a vector: in the JSON of a text its quotes would have backslashes before them.
_VECTOR = re.compile(rb'"embedding"[ \t\r\n]*:[ \t\r\n]*\[')


@cache
def _floats() -> SchemaValidator:
    return SchemaValidator(core_schema.list_schema(core_schema.float_schema()))


def to_base64(vector: Sequence[float]) -> str:
    """A vector as base64 of its little-endian 32-bit floats."""
    floats = array("f", vector)
    if sys.byteorder == "big":
        floats.byteswap()
    return base64.b64encode(floats.tobytes()).decode("ascii")


def _check_inputs(inputs: object, settings: Settings, first: int = 0) -> None:
    """Refuse what is no text: one such item fails the request for all of them.

    `first` is the place of the first of them, as the caller counts.
    """
    many = is_array(inputs) and bool(inputs) and not _is_tokens(inputs)
    for place, item in enumerate(inputs if is_array(inputs) and many else [inputs], first):
        if isinstance(item, str) and item:
            continue
        where = f"input[{place}]" if many else "input"
        if _is_tokens(item):
            if settings.on("embedding-tokens"):
                raise _invalid(where, f"is {_TOKENS}", "embedding-tokens")
        elif settings.on("embedding-texts"):
            raise _invalid(where, _what_is_wrong(item), "embedding-texts")


def _is_tokens(item: object) -> bool:
    return is_array(item) and bool(item) and isinstance(item[0], int)


def _what_is_wrong(item: object) -> str:
    if not item and (is_array(item) or isinstance(item, str)):
        return "is empty. Give a text, or a list of texts."
    if is_object(item) and isinstance(kind := item.get("type"), str):
        return (
            f"is a content part of type {kind!r}. Give the text alone; pictures, sound and films "
            "are embedded by google-genai's models.embed_content."
        )
    return f"is {_KINDS.get(type(item), 'a number')}. Give a text, or a list of texts."


def _invalid(where: str, what: str, repair: RepairName) -> InvalidRequestError:
    return InvalidRequestError(f"{where} {what}", param=where, repair=repair)


def _check_count(found: Sequence[Any], body: dict[str, Any]) -> None:
    inputs = body.get("input")
    wanted = len(inputs) if is_array(inputs) else 1
    if len(found) == wanted:
        return
    advice = (
        f" {body.get('model')} makes one vector of several texts: embed them one by one."
        if len(found) == 1
        else ""
    )
    raise AnswerError(
        f"Gemini gave {len(found)} vectors for {wanted} texts: it is not known which belongs "
        f"to which.{advice}"
    )


def _usage(counted: object) -> dict[str, int]:
    counts = counted if is_object(counted) else {}
    named = {key: counts.get(key) for key in ("prompt_tokens", "total_tokens")}
    return {key: count if isinstance(count, int) else 0 for key, count in named.items()}


def _in_order(items: list[Any]) -> list[Any]:
    """The vectors by their index; one without is where it stands."""
    places = [item.get("index") if is_object(item) else None for item in items]
    filled = [place if isinstance(place, int) else i for i, place in enumerate(places)]
    if sorted(filled) != list(range(len(items))):
        return items
    return [item for _, item in sorted(zip(filled, items, strict=True), key=_first)]


def _first(pair: tuple[int, Any]) -> int:
    return pair[0]


def _placed(item: Any, place: int) -> Any:
    return {"object": "embedding", **item, "index": place} if is_object(item) else item


def _packed(item: Any) -> Any:
    if is_object(item) and is_array(vector := item.get("embedding")):
        return {**item, "embedding": to_base64(vector)}
    return item
