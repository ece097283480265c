"""Define the sentinels for "not sent", in a module that imports nothing."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal, TypeGuard, TypeVar

    from pydantic_core.core_schema import CoreSchema

    T = TypeVar("T")


class Omit:
    """The class of `omit`: leave this parameter, or this default header, out of the request.

    `None` is a value: JSON `null`, which the dialect leaves out where Gemini refuses one and it
    asks for nothing. `omit` never travels.
    """

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "omit"

    def __reduce__(self) -> str:
        return "omit"

    # So that pydantic and FastAPI can read the parameter types, as they can read openai's.
    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.is_instance_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: object, handler: object) -> dict[str, object]:
        from pydantic_core import PydanticOmit

        raise PydanticOmit  # JSON has no such value: the union goes without it


class NotGiven:
    """The class of `NOT_GIVEN`: the caller passed nothing and the default applies.

    For `timeout`, where `None` means "no limit".
    """

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "NOT_GIVEN"

    def __reduce__(self) -> str:
        return "not_given"


omit = Omit()
not_given = NotGiven()
NOT_GIVEN = not_given

_SENTINELS = frozenset({"Omit", "NotGiven"})


def is_given(value: T | Omit | NotGiven) -> TypeGuard[T]:
    """Whether `value` is a value, and no sentinel for "not sent".

    A sentinel is known by its class name: frameworks pass those of the real `openai` package.
    """
    return type(value).__name__ not in _SENTINELS


def given_entries(values: Mapping[str, T]) -> dict[str, T]:
    """The entries whose values are given, as a dict of its own."""
    return {k: value for k, value in values.items() if type(value).__name__ not in _SENTINELS}
