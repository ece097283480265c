"""`openai.types` and `gemini_openai.types`, path for path, name for name, field for field.

What differs on purpose stands in `oracle.differences`, with the reason; a row that no longer
applies fails too.
"""

from __future__ import annotations

import collections.abc
import inspect
import os
import types
import typing

import openai.types
import pytest
import typing_extensions
from oracle.differences import NOT_MIRRORED, OPTIONAL_HERE, OTHER_TYPE
from oracle.surface import (
    LEAVES,
    PATHS,
    THINGS,
    has_other_type,
    is_model,
    is_typed_dict,
    omitted,
    pair,
    paths_below,
    public_names,
)

import gemini_openai.types
from gemini_openai._primitives.given import Omit

if typing.TYPE_CHECKING:
    import pydantic

ONE_HERE = {
    # a class of either side: the name under which both sides are compared
    "NamedFunction": "Function",  # the other path renames it: one file has room for one `Function`
    "NamedCustom": "Custom",
    "FilePromptCacheBreakpoint": "PromptCacheBreakpoint",  # equal to the others, so it is the same
    "SequenceNotStr": "Sequence",  # theirs is that at run time
    "ModerationOutputError": "ModerationInputError",
    "ModerationOutputModerationResults": "ModerationInputModerationResults",
    "ModerationOutputModerationResultsResult": "ModerationInputModerationResultsResult",
}


MODELS = [thing for thing in LEAVES if is_model(thing[3])]
TYPED_DICTS = [thing for thing in LEAVES if is_typed_dict(thing[3])]
ALIASES = [thing for thing in LEAVES if not isinstance(thing[3], type)]


def each(things: list[tuple[str, str, typing.Any, typing.Any]]) -> pytest.MarkDecorator:
    ids = [f"{path}.{name}" for path, name, _, _ in things]
    return pytest.mark.parametrize(("path", "name", "ours", "theirs"), things, ids=ids)


def spelled(hint: typing.Any) -> typing.Any:
    """An annotation as plain data that is equal for equal types, `| Omit` left out."""
    origin, arguments = typing_extensions.get_origin(hint), typing_extensions.get_args(hint)
    if origin in {
        typing.Annotated,
        typing_extensions.Required,
        typing_extensions.NotRequired,
    }:
        return spelled(arguments[0])
    if origin in {typing.Union, types.UnionType}:
        members = {spelled(argument) for argument in arguments if argument is not Omit}
        flat = {
            part for member in members for part in (member[1] if member[0] == "union" else [member])
        }
        return next(iter(flat)) if len(flat) == 1 else ("union", frozenset(flat))
    if origin is typing.Literal:
        return ("literal", frozenset(arguments))
    if origin is os.PathLike or isinstance(hint, typing.ForwardRef):
        return "PathLike"  # of str here, of nothing there; inside an alias it may be quoted
    name = getattr(origin or hint, "__name__", None) or repr(hint)
    name = ONE_HERE.get(name, name)
    return (name, *map(spelled, arguments)) if origin else name


def test_every_row_of_the_table_still_leaves_something_out() -> None:
    paths = paths_below(openai.types)
    idle = [s for s in NOT_MIRRORED if not any(f"{path}.".startswith(s) for path in paths)]
    assert idle == []


def test_nothing_that_is_left_out_is_here() -> None:
    assert [path for path in paths_below(gemini_openai.types) if omitted(path)] == []


@pytest.mark.parametrize("path", PATHS)
def test_the_path_gives_the_same_names(path: str) -> None:
    ours, theirs = pair(path)
    missing = {name for name in public_names(theirs, path) if not hasattr(ours, name)}
    assert missing == set()


def test_packages_list_the_names_they_give() -> None:
    for path in ("", "chat", "shared", "shared_params"):
        ours, theirs = pair(path)
        assert set(ours.__all__) >= public_names(theirs, path), path


def test_what_is_one_class_there_is_one_class_here() -> None:
    seen: dict[int, tuple[str, typing.Any]] = {}
    for path, name, ours, theirs in THINGS:
        if isinstance(theirs, type):
            where, first = seen.setdefault(id(theirs), (f"{path}.{name}", ours))
            assert ours is first, f"{path}.{name} is not {where}"


@each([thing for thing in LEAVES if isinstance(thing[3], type)])
def test_a_class_is_a_class_of_the_same_kind(
    path: str, name: str, ours: type, theirs: type
) -> None:
    assert isinstance(ours, type)
    assert is_model(ours) == is_model(theirs)
    assert is_typed_dict(ours) == is_typed_dict(theirs)


@each(MODELS)
def test_a_result_has_the_same_fields_in_the_same_order(
    path: str, name: str, ours: type[pydantic.BaseModel], theirs: type[pydantic.BaseModel]
) -> None:
    assert list(ours.model_fields) == list(theirs.model_fields)
    for field in theirs.model_fields:
        assert ours.model_fields[field].alias == theirs.model_fields[field].alias


@each(MODELS)
def test_a_result_requires_what_openais_does(
    path: str, name: str, ours: type[pydantic.BaseModel], theirs: type[pydantic.BaseModel]
) -> None:
    excused = {field for where, cls, field in OPTIONAL_HERE if (where, cls) == (path, name)}
    required = {field for field, info in theirs.model_fields.items() if info.is_required()}
    assert excused <= required
    assert {n for n, info in ours.model_fields.items() if info.is_required()} == required - excused


@each(MODELS)
def test_what_openai_does_not_require_has_the_same_default(
    path: str, name: str, ours: type[pydantic.BaseModel], theirs: type[pydantic.BaseModel]
) -> None:
    for field, info in theirs.model_fields.items():
        if not info.is_required():
            assert ours.model_fields[field].default == info.default, field


@each(MODELS)
def test_a_result_has_the_same_types(
    path: str, name: str, ours: type[pydantic.BaseModel], theirs: type[pydantic.BaseModel]
) -> None:
    for field, info in theirs.model_fields.items():
        equal = spelled(ours.model_fields[field].annotation) == spelled(info.annotation)
        assert equal != ((path, name, field) in OTHER_TYPE), field


@each(TYPED_DICTS)
def test_a_parameter_dict_has_the_same_keys_in_the_same_order(
    path: str, name: str, ours: typing.Any, theirs: typing.Any
) -> None:
    assert list(ours.__annotations__) == list(theirs.__annotations__)


@each(TYPED_DICTS)
def test_a_parameter_dict_requires_what_openais_does(
    path: str, name: str, ours: typing.Any, theirs: typing.Any
) -> None:
    # Theirs is all in strings, so `__required_keys__` knows nothing.
    hints = typing_extensions.get_type_hints(theirs, include_extras=True)
    origins = {key: repr(typing_extensions.get_origin(hint)) for key, hint in hints.items()}
    required = {key for key, origin in origins.items() if origin.endswith(".Required")}
    assert ours.__required_keys__ == required
    assert ours.__optional_keys__ == set(hints) - required


@each(TYPED_DICTS)
def test_a_parameter_dict_has_the_same_types(
    path: str, name: str, ours: typing.Any, theirs: typing.Any
) -> None:
    here = typing_extensions.get_type_hints(ours, localns={"os": os}, include_extras=True)
    there = typing_extensions.get_type_hints(theirs, include_extras=True)
    for key, hint in there.items():
        differs = has_other_type(path, name, key)
        assert (spelled(here[key]) == spelled(hint)) != differs, key


@each(ALIASES)
def test_an_alias_stands_for_the_same(
    path: str, name: str, ours: typing.Any, theirs: typing.Any
) -> None:
    if isinstance(theirs, typing.TypeVar):
        assert isinstance(ours, typing.TypeVar)
    else:
        assert (spelled(ours) == spelled(theirs)) != ((path, name) in OTHER_TYPE)


def test_every_excused_difference_is_of_something_there_is() -> None:
    known = {(path, name) for path, name, _, _ in LEAVES}
    assert {key[:2] for key in [*OPTIONAL_HERE, *OTHER_TYPE]} <= known


def test_the_parameters_of_create_are_those_of_openais_method() -> None:
    from openai.resources.chat.completions import Completions

    from gemini_openai.types.chat.completion_create_params import CompletionCreateParamsBase

    theirs = set(inspect.signature(Completions.create).parameters)
    others = {"self", "stream", "extra_headers", "extra_query", "extra_body", "timeout"}
    assert set(CompletionCreateParamsBase.__annotations__) == theirs - others
    assert CompletionCreateParamsBase.__required_keys__ == {"messages", "model"}
    assert collections.abc.Iterable in {
        typing.get_origin(hint)
        for hint in typing.get_args(CompletionCreateParamsBase.__annotations__["messages"])
    }
