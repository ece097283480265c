"""What is known of a model without asking the server."""

from datetime import date
from typing import Literal, TypeAlias

from .._models import BaseModel

ModelKind: TypeAlias = Literal[
    "chat", "image", "embedding", "video", "speech", "transcription", "music", "live"
]


class ModelInfo(BaseModel):
    """The limits and capabilities of a model; `client.models.info()` returns one."""

    id: str
    """The name that was asked about, as calls send it."""

    facts_of: str
    """The model that the facts are about: another than `id` for an alias, for a dated version, and
    for a name that is newer than this package."""

    kind: ModelKind
    """What the model is for."""

    input_token_limit: int | None
    """How many tokens a request may have; None where that is not documented."""

    output_token_limit: int | None
    """How many tokens an answer may have, thinking included."""

    output_token_limit_without_streaming: int | None
    """The same for an answer that is not streamed, where that is less."""

    limit_is_shared: bool
    """Whether the request and the answer together may have `input_token_limit` tokens at most."""

    reasoning_efforts: list[str]
    """What `reasoning_effort` may be, the lowest first; empty if the model does not think."""

    default_reasoning_effort: str | None
    """The effort that the model uses unasked, if that is documented."""

    thinking_budget_range: tuple[int, int] | None
    """The smallest and the largest `thinking_budget`, in tokens."""

    embedding_dimensions: tuple[int, int] | None
    """The smallest and the largest number of floats of a vector."""

    inputs: list[str]
    """What a request may hold: `text`, `image`, `audio`, `video`, `pdf`."""

    outputs: list[str]
    """What an answer may hold."""

    unsupported: list[str]
    """Parameters and features that the model answers with status 400. `text_beside_calls`, on
    Vertex AI only, is text in a message of the history that has tool calls."""

    ignored: list[str]
    """Parameters that have no effect."""

    served_by: list[Literal["developer", "vertex"]]
    """The backends that have the model."""

    vertex_locations: list[str]
    """Where Vertex AI has the model, if that is not in most of its locations."""

    shutdown_date: date | None
    """The day from which the Developer API may not have it any more, as Google announced it."""

    successor: str | None
    """The model that Google recommends in its place, if it has named one."""

    source: str
    """Where this is from, as a URL."""
