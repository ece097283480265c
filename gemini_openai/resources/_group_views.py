"""Ask every resource of a client or group for its view: `client.with_raw_response.files`, say."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar


class _GroupView:
    """The resources of a client or group, each as the view of it that `_view` names.

    For a checker, the resources are those that a class derived from this annotates.
    """

    _view: ClassVar[str]

    def __init__(self, group: object) -> None:
        self._group = group

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            if name.startswith("_"):
                raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")
            return getattr(getattr(self._group, name), self._view)

        def __dir__(self) -> list[str]:
            return [*super().__dir__(), *type(self).__annotations__]


class RawGroupView(_GroupView):
    """The resources of a group, their methods giving `LegacyAPIResponse`."""

    _view = "with_raw_response"


class StreamedGroupView(_GroupView):
    """The resources of a group, their methods giving a response whose body is still to be read."""

    _view = "with_streaming_response"
