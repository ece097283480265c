"""Turn a response into its answer: a model, a stream, a file, text."""

from __future__ import annotations

from logging import DEBUG
from time import time
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import pydantic
from pydantic import PydanticUserError, ValidationError
from pydantic_core import from_json

from .._exceptions import APIResponseValidationError, error_in_answer, other_answer
from .._http.family import is_response_class
from .._models import BaseModel
from .._primitives.given import is_given
from .._primitives.json_types import BOM, is_object
from .._primitives.log import logger
from ..dialect import AS_IS, AnswerError, NoAnswerError, shown
from .binary import HttpxBinaryResponseContent
from .decode import adapter, decode, fit, is_model
from .encode import encode_json
from .mended_json import mended_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._exceptions import APIError
    from .._types import Response
    from ..dialect import Apart, Translation
    from .request import FinalRequestOptions


class AnsweredClient(Protocol):
    """What a response needs of the client it came to, to be read."""

    _is_async: ClassVar[bool]

    @property
    def _strict_response_validation(self) -> bool: ...

    @property
    def max_response_bytes(self) -> int | None: ...


def answer_of(
    client: AnsweredClient,
    cast_to: Any,
    options: FinalRequestOptions,
    response: Response,
    *,
    stream: bool,
    stream_cls: Any,
    to: Any = None,
) -> Any:
    """The answer in a response: a stream, or the body as `cast_to`, or as `to` if it is given."""
    if stream:
        from .._streaming import AsyncStream, Stream, extract_stream_chunk_type, stream_class

        stream_cls = to or stream_cls or (AsyncStream if client._is_async else Stream)[cast_to]
        return stream_class(stream_cls)(
            cast_to=extract_stream_chunk_type(stream_cls),
            response=response,
            client=client,
            options=options,
        )
    wanted = cast_to if to is None else to
    parsed = parse(wanted, response, options.translation, strict=client._strict_response_validation)
    if is_given(options.post_parser):
        # It knows the type its method declares, and none that a caller asks for instead.
        declared = getattr(cast_to, "__pydantic_generic_metadata__", {}).get("origin") or cast_to
        if to is None or isinstance(parsed, declared):
            parsed = options.post_parser(parsed)
    if (request_id := response.headers.get("x-request-id")) and isinstance(parsed, BaseModel):
        parsed._request_id = request_id
    return parsed


def parse(
    cast_to: Any,
    response: Response,
    translation: Translation | None = None,
    *,
    strict: bool = False,
) -> Any:
    """The body of a response as `cast_to`: a model, a type, `str`, `bytes`, `dict`, or None.

    JSON is read through the request's `translation`; text and bytes are what the wire carried.

    Raises `APIStatusError` for an error that came as an answer, `APIResponseValidationError` for
    what is no answer: no JSON, or no object where a model is asked for. With `strict` also for an
    answer that does not fit. Raises `RuntimeError` for a type that no JSON can become.

    As `object` and `dict` a caller gets whatever came, text where it is no JSON.
    """
    if cast_to in _WITHOUT_JSON:
        return _WITHOUT_JSON[cast_to](response)
    if is_response_class(cast_to):
        return response
    if isinstance(cast_to, type) and issubclass(cast_to, HttpxBinaryResponseContent):
        return cast_to(response)
    try:
        return _read(
            response,
            lambda content: _json(cast_to, response, content, translation, strict=strict),
            may_be_text=not (strict or is_model(cast_to)),
        )
    except PydanticUserError as cause:
        raise RuntimeError(
            f"An answer cannot be turned into {cast_to!r}: {str(cause).splitlines()[0]} What can "
            "be asked for: a pydantic model, a dataclass, a TypedDict, list[...], dict, str, bytes,"
            " httpx.Response; and Stream[...] of a request with stream=True only."
        ) from cause


def repaired(response: Response, translation: Translation, *, is_object_wanted: bool) -> bytes:
    """The body of an answer as JSON that OpenAI would have sent; raises what `parse` raises."""

    def read(content: bytes) -> bytes:
        value = translation.read(content, int(time()))
        is_as_it_is = value is AS_IS
        if is_as_it_is:
            value = from_json(content)  # broken JSON is mended, too
        if is_object_wanted and not is_object(value):
            raise other_answer(response, shown(value), "the object it should be")
        return content if is_as_it_is else encode_json(value)

    answer: bytes = _read(response, read)
    return answer


def _read(response: Response, read: Callable[[bytes], Any], *, may_be_text: bool = False) -> Any:
    """What `read` makes of the body, once more of broken JSON that could be mended.

    With `may_be_text` what is not called JSON is given as text.
    """
    content = response.content.removeprefix(BOM)
    try:
        try:
            return read(content)
        except AnswerError:
            raise
        except ValueError as cause:
            mended = mended_json(content)
            if mended is None:
                raise
            content = mended
            logger.info("an answer is broken JSON, and was mended: %s", cause)
            return read(content)
    except NoAnswerError as cause:
        raise _no_answer(response, content, cause) from None
    except AnswerError as cause:
        raise APIResponseValidationError(response, from_json(content), message=str(cause)) from None
    except ValueError as cause:
        content_type = response.headers.get("content-type", "no content type")
        if may_be_text and "json" not in content_type:
            logger.warning(
                "%s answered with %s, not JSON; it is returned as text",
                response.request.url.host,
                content_type,
            )
            return response.text
        wanted = "the JSON it should be"
        if "recursion" in str(cause):
            wanted = "JSON that can be read, for it is nested too deeply"
        raise other_answer(response, response.text, wanted) from cause


_UNTYPED = (object, dict, Any)
_WITHOUT_JSON: dict[Any, Callable[[Response], Any]] = {
    type(None): lambda response: None,
    str: lambda response: response.text,
    bytes: lambda response: response.content,
    int: lambda response: int(response.text),
    float: lambda response: float(response.text),
    bool: lambda response: response.text.strip().lower() == "true",
}


def _json(
    cast_to: Any,
    response: Response,
    content: bytes,
    translation: Translation | None,
    *,
    strict: bool,
) -> Any:
    untyped = cast_to in _UNTYPED
    if not (untyped or is_model(cast_to)):
        adapter(cast_to)  # a type that no JSON can become is the caller's mistake, whatever came
    if translation is not None and not (strict or untyped):
        apart = translation.vectors_apart(content)
        if apart is not None and (answer := _with_vectors(cast_to, apart)) is not None:
            return answer
    try:
        value = AS_IS if translation is None else translation.read(content, int(time()))
    except NoAnswerError:
        if not untyped:
            raise
        value = AS_IS
    if translation is not None and translation.applied and logger.isEnabledFor(DEBUG):
        logger.debug("repaired in the answer: %s", ", ".join(sorted(translation.applied)))
    if strict or untyped:
        value = from_json(content) if value is AS_IS else value
        return _strictly(cast_to, response, value) if strict else value
    answer = decode(content, cast_to) if value is AS_IS else fit(value, cast_to)
    if is_model(cast_to) and not isinstance(answer, pydantic.BaseModel):
        raise other_answer(response, shown(answer), "the object it should be")
    return answer


def _with_vectors(cast_to: Any, apart: Apart) -> Any:
    """Embeddings as `cast_to`, their vectors unchecked; None where it is no class of ours."""
    from ..types.create_embedding_response import CreateEmbeddingResponse

    if cast_to is not CreateEmbeddingResponse:
        return None
    try:
        answer = CreateEmbeddingResponse.model_validate(apart.answer)
    except ValidationError:
        return None
    for item in answer.data:
        item.embedding = apart.of(item.embedding)
    return answer


def _no_answer(response: Response, content: bytes, cause: NoAnswerError) -> APIError:
    """The error for a body that came with status 200 and is no answer."""
    body = from_json(content)
    if cause.error is None:
        return APIResponseValidationError(response, body, message=str(cause))
    error = body.get("error", body) if is_object(body) else body
    return error_in_answer(response, cause.error, str(cause), body=error)


def _strictly(cast_to: Any, response: Response, body: Any) -> Any:
    try:
        return adapter(cast_to).validate_python(body)
    except ValidationError as cause:
        raise APIResponseValidationError(
            response, body, message=f"The answer does not fit {cast_to}: {cause}"
        ) from cause
