"""Define the base of every result; fields that it does not declare are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar

import pydantic
from pydantic import ConfigDict

from ._call.request import FinalRequestOptions as FinalRequestOptions

if TYPE_CHECKING:
    from typing_extensions import Self

_T = TypeVar("_T")


class BaseModel(pydantic.BaseModel):
    """A pydantic model that keeps unknown fields, and builds its validator at first use."""

    model_config = ConfigDict(
        extra="allow",
        defer_build=True,
        protected_namespaces=(),
        # The keys of chunks recur and their texts do not: looking these up too costs a quarter.
        cache_strings="keys",
    )

    # A property and not a pydantic private attribute: those cost a Python call for every object
    # in an answer, and only the outermost has a request id.
    @property
    def _request_id(self) -> str | None:
        """The `x-request-id` of the response this was read from; Gemini sends none today."""
        return (self.__pydantic_private__ or {}).get("_request_id")

    @_request_id.setter
    def _request_id(self, value: str | None) -> None:
        object.__setattr__(
            self,
            "__pydantic_private__",
            {**(self.__pydantic_private__ or {}), "_request_id": value},
        )

    @classmethod
    def construct(cls, _fields_set: set[str] | None = None, **values: Any) -> Self:
        """Build from `values` without validating: what does not fit is kept unchanged."""
        from ._call.decode import salvage

        built: Self = salvage(values, cls)
        if _fields_set is not None:
            object.__setattr__(built, "__pydantic_fields_set__", set(_fields_set))
        return built

    def to_dict(
        self,
        *,
        mode: Literal["json", "python"] = "python",
        use_api_names: bool = True,
        exclude_unset: bool = True,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
        warnings: bool = True,
    ) -> dict[str, object]:
        """A dict of what the server sent; `mode="json"` has JSON types only.

        `use_api_names` takes the names of the API where a field has another name in Python.
        `exclude_unset` leaves out what the server did not send.
        """
        return self.model_dump(
            mode=mode,
            by_alias=use_api_names,
            exclude_unset=exclude_unset,
            exclude_defaults=exclude_defaults,
            exclude_none=exclude_none,
            warnings=warnings,
        )

    def to_json(
        self,
        *,
        indent: int | None = 2,
        use_api_names: bool = True,
        exclude_unset: bool = True,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
        warnings: bool = True,
    ) -> str:
        """JSON text of what the server sent, indented by `indent` spaces; see `to_dict`."""
        return self.model_dump_json(
            indent=indent,
            by_alias=use_api_names,
            exclude_unset=exclude_unset,
            exclude_defaults=exclude_defaults,
            exclude_none=exclude_none,
            warnings=warnings,
        )

    def __str__(self) -> str:
        return repr(self)


def construct_type(*, value: object, type_: Any, metadata: list[Any] | None = None) -> Any:
    """`value` as `type_` as far as it fits, unchanged where it does not. Raises nothing.

    Frameworks import this and the next from openai; `metadata` has no effect.
    """
    from ._call.decode import salvage

    return salvage(value, type_)


def construct_type_unchecked(*, value: object, type_: type[_T]) -> _T:
    """`construct_type`, typed as returning `type_`."""
    made: _T = construct_type(value=value, type_=type_)
    return made
