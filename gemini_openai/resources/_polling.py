"""Limit how long a method goes on asking whether something is done."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar, cast

from .._call.deadline import start_deadline
from .._primitives.given import NOT_GIVEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._base_client import BaseClient
    from .._types import RequestExtras, RequestOptions

ExtrasT = TypeVar("ExtrasT", bound="RequestExtras | RequestOptions")


def time_limit(seconds: float, what: str) -> Callable[[], None]:
    """A function to call before each wait, which raises `RuntimeError` when `seconds` are over."""
    began = monotonic()

    def check() -> None:
        if monotonic() - began > seconds:
            raise RuntimeError(
                f"{what} was not done after {seconds:g} seconds. "
                "Wait longer with max_wait_seconds, or ask again later."
            )

    return check


def one_deadline(extras: ExtrasT, client: BaseClient[Any, Any, Any]) -> ExtrasT:
    """The options of all requests of one method: their deadline is one, and begins now."""
    own = cast("Any", extras.get("deadline", NOT_GIVEN))
    deadline = start_deadline(own, client.deadline)
    return extras if deadline is None else cast("ExtrasT", {**extras, "deadline": deadline})
