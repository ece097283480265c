"""Decode bytes as models: by pydantic-core when the data fits, else field by field."""

from __future__ import annotations

from functools import lru_cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

import pydantic
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from .._primitives.json_types import is_array, is_object
from .._primitives.log import logger

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    ModelT = TypeVar("ModelT", bound=pydantic.BaseModel)


def decode(data: bytes | str, hint: Any) -> Any:
    """JSON text as `hint`: a model where it fits, as near to it as it comes where it does not.

    Raises `ValueError` when `data` is no JSON at all.
    """
    try:
        if is_model(hint):
            return hint.model_validate_json(data)
        return adapter(hint).validate_json(data)
    except ValidationError as surprise:
        logger.debug("unexpected %s: %s", getattr(hint, "__name__", hint), surprise)
        return salvage(from_json(data), hint)


def decoder(hint: Any) -> Callable[[bytes], Any]:
    """`decode` for one hint, to be called often: the check of the hint is done here."""
    if not is_model(hint):
        return lambda data: decode(data, hint)
    # `model_validate_json` itself, without its wrapper: a sixth of the cost of a chunk.
    validate = hint.__pydantic_validator__.validate_json

    def decode_model(data: bytes) -> Any:
        try:
            return validate(data)
        except ValidationError:
            return decode(data, hint)

    return decode_model


def fit(value: Any, hint: Any) -> Any:
    """A JSON value as `hint`: `decode` for what has been parsed already."""
    try:
        if is_model(hint):
            # Without the wrapper around it, which costs as much as a small model.
            return hint.__pydantic_validator__.validate_python(value)
        return adapter(hint).validate_python(value)
    except ValidationError as surprise:
        logger.debug("unexpected %s: %s", getattr(hint, "__name__", hint), surprise)
        return salvage(value, hint)


def salvage(value: Any, hint: Any) -> Any:
    """`value` as `hint` where it fits, as it came where it does not. Raises nothing.

    A required field that is missing becomes None, as in `openai`.
    """
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return salvage(value, args[0])
    if is_model(hint):
        return _salvage_model(value, hint)
    try:
        return adapter(hint).validate_python(value)
    except (ValidationError, pydantic.PydanticSchemaGenerationError):
        pass
    if origin in (Union, UnionType):
        members = [member for member in args if member is not type(None)]
        return salvage(value, _closest(value, members))
    if origin is list and is_array(value):
        return [salvage(item, args[0]) for item in value]
    if origin is dict and is_object(value):
        return {key: salvage(item, args[1]) for key, item in value.items()}
    return value


def _salvage_model(value: Any, model: type[pydantic.BaseModel]) -> Any:
    if not is_object(value):
        return value
    try:
        return model.model_validate(value)
    except ValidationError:
        pass
    model.model_rebuild()
    fields: dict[str, Any] = {}
    extra = dict(value)
    given: set[str] = set()
    for name, field in model.model_fields.items():
        key = field.alias if field.alias in value else name
        if key in extra:
            fields[name] = salvage(extra.pop(key), field.annotation)
            given.add(name)
        elif field.is_required():
            fields[name] = None
        else:
            fields[name] = field.get_default(call_default_factory=True)
    built = model.model_construct(_fields_set=given, **fields)
    # By hand: `model_construct` would count the unknown fields as given only for some versions.
    for name, item in extra.items():
        setattr(built, name, item)
    return built


def _closest(value: Any, members: list[Any]) -> Any:
    """The member of a union that `value` was most likely meant to be.

    The one whose tag (`type`, `role`, `object`) it has, else the one that knows most of its keys.
    """
    if not isinstance(value, dict):
        return members[0]
    models = [member for member in map(_bare, members) if is_model(member)]
    for tag in ("type", "role", "object"):
        for model in models:
            field = model.model_fields.get(tag)
            if field and tag in value and value[tag] in get_args(field.annotation):
                return model
    return max(models, key=lambda model: len(model.model_fields.keys() & value), default=members[0])


def _bare(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def is_model(hint: Any) -> bool:
    """Whether `hint` is a pydantic model class."""
    # In Python 3.10 `list[int]` is an instance of `type`, too.
    return issubclass(type(hint), type) and issubclass(hint, pydantic.BaseModel)


@lru_cache(maxsize=512)
def adapter(hint: Any) -> TypeAdapter[Any]:
    """The validator of a type; the cache is bounded, for types made at run time."""
    return TypeAdapter(hint)
