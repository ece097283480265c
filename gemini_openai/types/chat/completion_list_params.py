"""The parameters of `chat.completions.list`: stored completions, which Gemini does not keep."""

from typing import Literal

from typing_extensions import TypedDict

from ..._types import Maybe
from ..shared.metadata import Metadata


class CompletionListParams(TypedDict, total=False):
    after: Maybe[str]
    limit: Maybe[int]
    metadata: Maybe[Metadata | None]
    model: Maybe[str]
    order: Maybe[Literal["asc", "desc"]]
