"""The parameters of `chat.completions.update`: a stored completion, which Gemini does not keep."""

from typing_extensions import Required, TypedDict

from ..shared.metadata import Metadata


class CompletionUpdateParams(TypedDict, total=False):
    metadata: Required[Metadata | None]
