"""Copy a chunk with another text, for less than reading one costs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pydantic

from .._primitives.json_types import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Callable

_SLOTS = ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
_SCALARS = (str, int, float, type(None))
_new = object.__new__


class ChunkCopies:
    """Makes copies of a chat chunk that has one choice.

    They share nothing that can be changed but the details of a usage. A model is four values, which
    pydantic names among the attributes of its base class. To set them, each by its own line and
    not in a function, takes 20,500 instructions, and pydantic-core takes 27,500 to read a chunk
    alone, 37,000 to read one and give it a usage. Nearly nothing else is left of a chunk's cost.

    Raises `ValueError` for a chunk that has more parts, or where pydantic is another.
    """

    def __init__(self, chunk: Any, *, is_thought: bool) -> None:
        try:
            self._setters = _setters()
            (choice,) = chunk.choices
            self._chunk = _parts(chunk, "choices", "usage")
            self._choice = _parts(choice, "delta")
            self._delta = _parts(choice.delta)
            self._usage = None
            if chunk.usage is not None:
                details = "completion_tokens_details", "prompt_tokens_details"
                self._usage = _parts(chunk.usage, *details)
            self._is_thought = is_thought
            text = choice.delta.reasoning_content if is_thought else choice.delta.content
            is_good = _all_of(self.copy(text)) == _all_of(chunk)
        except (AttributeError, KeyError, TypeError) as cause:
            raise ValueError(f"A chunk of this kind is not copied: {cause}") from cause
        if not is_good:
            raise ValueError("A copy of this chunk is not as the chunk is.")

    def copy(self, text: str | None, usage: object = None) -> Any:
        """The chunk with another text, and with another usage if there is one."""
        set_fields, set_given, set_extra, set_private = self._setters

        cls, fields, given, extra, copy_extra = self._delta
        fields, extra = fields.copy(), copy_extra(extra)
        if self._is_thought:
            extra["reasoning_content"] = text
        else:
            fields["content"] = text
        delta = _new(cls)
        set_fields(delta, fields)
        set_given(delta, given.copy())
        set_extra(delta, extra)
        set_private(delta, None)

        cls, fields, given, extra, copy_extra = self._choice
        fields = fields.copy()
        fields["delta"] = delta
        choice = _new(cls)
        set_fields(choice, fields)
        set_given(choice, given.copy())
        set_extra(choice, copy_extra(extra))
        set_private(choice, None)

        if usage is None and self._usage is not None:
            cls, fields, given, extra, copy_extra = self._usage
            usage = _new(cls)
            set_fields(usage, fields.copy())
            set_given(usage, given.copy())
            set_extra(usage, copy_extra(extra))
            set_private(usage, None)

        cls, fields, given, extra, copy_extra = self._chunk
        fields = fields.copy()
        fields["choices"] = [choice]
        fields["usage"] = usage
        chunk = _new(cls)
        set_fields(chunk, fields)
        set_given(chunk, given.copy())
        set_extra(chunk, copy_extra(extra))
        set_private(chunk, None)
        return chunk


class _Parts(NamedTuple):
    """What a model is made of."""

    cls: type[Any]
    fields: dict[str, Any]
    given: set[str]
    extra: dict[str, Any]
    copy_extra: Callable[[Any], Any]
    """What copies `extra`."""


@cache
def _setters() -> tuple[Callable[[object, object], None], ...]:
    return tuple(vars(pydantic.BaseModel)[name].__set__ for name in _SLOTS)


def _parts(model: pydantic.BaseModel, *inner: str) -> _Parts:
    fields, extra = dict(model.__dict__), dict(model.__pydantic_extra__ or {})
    if model.__pydantic_private__ is not None:
        raise TypeError("it has private attributes")
    for name, value in fields.items():
        if name not in inner and not isinstance(value, _SCALARS):
            raise TypeError(f"{name} is a {type(value).__name__}")
    is_flat = all(isinstance(value, _SCALARS) for value in extra.values())
    copy_extra: Callable[[Any], Any] = dict[str, Any].copy if is_flat else _copied
    return _Parts(type(model), fields, set(model.__pydantic_fields_set__), extra, copy_extra)


def _copied(value: Any) -> Any:
    """A copy of a JSON value."""
    if is_object(value):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if is_array(value) else value


def _all_of(item: Any) -> Any:
    if isinstance(item, pydantic.BaseModel):
        fields = {name: _all_of(value) for name, value in item.__dict__.items()}
        return type(item), fields, item.__pydantic_fields_set__, item.__pydantic_extra__
    return list(map(_all_of, item)) if is_array(item) else item
