"""Copy a chunk with another text, for less than reading one costs."""

from __future__ import annotations

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
    pydantic names among the attributes of its base class. To set them costs about half of what
    pydantic-core takes to read a chunk, and that is nearly all that a chunk costs.

    Raises `ValueError` for a chunk that has more parts, or where pydantic is another.
    """

    def __init__(self, chunk: Any, *, is_thought: bool) -> None:
        try:
            setters: Any = [vars(pydantic.BaseModel)[name].__set__ for name in _SLOTS]
            (choice,) = chunk.choices
            self._chunk = _parts(chunk, "choices", "usage")
            self._choice = _parts(choice, "delta")
            self._delta = _parts(choice.delta)
            self._usage = None
            if chunk.usage is not None:
                details = "completion_tokens_details", "prompt_tokens_details"
                self._usage = _parts(chunk.usage, *details)
            self._set_fields, self._set_given, self._set_extra, self._set_private = setters
            self._is_thought = is_thought
            text = choice.delta.reasoning_content if is_thought else choice.delta.content
            is_good = _all_of(self.copy(text)) == _all_of(chunk)
        except (AttributeError, KeyError, TypeError) as cause:
            raise ValueError(f"A chunk of this kind is not copied: {cause}") from cause
        if not is_good:
            raise ValueError("A copy of this chunk is not as the chunk is.")

    def copy(self, text: str | None, usage: object = None) -> Any:
        """The chunk with another text, and with another usage if there is one."""
        fields, extra = self._delta.own()
        if self._is_thought:
            extra["reasoning_content"] = text
        else:
            fields["content"] = text
        delta = self._model(self._delta, fields, extra)
        fields, extra = self._choice.own()
        fields["delta"] = delta
        choice = self._model(self._choice, fields, extra)
        if usage is None and self._usage is not None:
            usage = self._model(self._usage, *self._usage.own())
        fields, extra = self._chunk.own()
        fields["choices"], fields["usage"] = [choice], usage
        return self._model(self._chunk, fields, extra)

    def _model(self, parts: _Parts, fields: dict[str, Any], extra: dict[str, Any]) -> Any:
        model = _new(parts.cls)
        self._set_fields(model, fields)
        self._set_given(model, parts.given.copy())
        self._set_extra(model, extra)
        self._set_private(model, None)
        return model


class _Parts(NamedTuple):
    """What a model is made of."""

    cls: type[Any]
    fields: dict[str, Any]
    given: set[str]
    extra: dict[str, Any]
    copy: Callable[[Any], Any]
    """What copies `extra`."""

    def own(self) -> tuple[dict[str, Any], dict[str, Any]]:
        return self.fields.copy(), self.copy(self.extra)


def _parts(model: pydantic.BaseModel, *inner: str) -> _Parts:
    fields, extra = dict(model.__dict__), dict(model.__pydantic_extra__ or {})
    if model.__pydantic_private__ is not None:
        raise TypeError("it has private attributes")
    for name, value in fields.items():
        if name not in inner and not isinstance(value, _SCALARS):
            raise TypeError(f"{name} is a {type(value).__name__}")
    is_flat = all(isinstance(value, _SCALARS) for value in extra.values())
    copy = dict[str, Any].copy if is_flat else _copied
    return _Parts(type(model), fields, set(model.__pydantic_fields_set__), extra, copy)


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
