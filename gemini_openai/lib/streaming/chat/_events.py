"""Define the events of a stream, a class for each kind."""

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar, get_args

from pydantic import model_serializer
from typing_extensions import Self

from ...._models import BaseModel
from ....types.chat.chat_completion import ChatCompletionTokenLogprob
from ....types.chat.chat_completion_chunk import ChatCompletionChunk
from ..._parsing import ResponseFormatT
from ._types import ParsedChatCompletionSnapshot

# Without the default of `ResponseFormatT`, which pydantic would take for the type of the field.
ContentType = TypeVar("ContentType")


class StreamEvent(BaseModel):
    """An event whose costly fields are computed when they are read.

    Joining the text so far at every chunk would cost the square of a stream's length, so
    `snapshot`, `parsed`, `arguments` and `parsed_arguments` are computed when they are read,
    dumped, printed, compared or pickled. The texts are then as they were when the event came.
    """

    @classmethod
    def of(cls, later: dict[str, Callable[[], Any]], /, **fields: Any) -> Self:
        """An event with `fields`, not validated, and the fields that `later` computes."""
        event = cls.__new__(cls)
        (kind,) = get_args(cls.model_fields["type"].annotation)
        object.__setattr__(event, "__dict__", {"type": kind, **fields})
        object.__setattr__(event, "__pydantic_fields_set__", {"type", *fields, *later})
        object.__setattr__(event, "__pydantic_extra__", {})
        object.__setattr__(event, "__pydantic_private__", {"_later": later})
        return event

    if not TYPE_CHECKING:  # type checkers shall see declared fields only

        def __getattr__(self, name: str) -> Any:
            compute = None if name.startswith("__") else self._later().get(name)
            if compute is None:
                return super().__getattr__(name)
            value = self.__dict__[name] = compute()
            return value

    def _later(self) -> dict[str, Callable[[], Any]]:
        later: dict[str, Callable[[], Any]] = (self.__pydantic_private__ or {}).get("_later", {})
        return later

    def _computed(self) -> Self:
        for name in self._later():
            getattr(self, name)
        object.__setattr__(self, "__pydantic_private__", None)
        return self

    @model_serializer(mode="wrap")
    def _dump(self, dump: Callable[[Self], dict[str, Any]]) -> dict[str, Any]:
        return dump(self._computed())

    def __iter__(self) -> Generator[tuple[str, Any], None, None]:  # noqa: PYI058  # pydantic's signature
        return super(StreamEvent, self._computed()).__iter__()

    def __repr_args__(self) -> Any:
        return super(StreamEvent, self._computed()).__repr_args__()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, StreamEvent):
            other._computed()
        return super(StreamEvent, self._computed()).__eq__(other)

    __hash__ = None  # type: ignore[assignment]

    def __getstate__(self) -> dict[Any, Any]:
        return super(StreamEvent, self._computed()).__getstate__()


class ChunkEvent(StreamEvent):
    """A chunk, as it came; every other event is made of one.

    `snapshot` is the answer as far as it had come when the field was first looked at.
    """

    type: Literal["chunk"]
    chunk: ChatCompletionChunk
    snapshot: ParsedChatCompletionSnapshot


class ContentDeltaEvent(StreamEvent):
    """More text. `parsed` is plain JSON, as far as it goes, where the answer is to be a type."""

    type: Literal["content.delta"]
    delta: str
    snapshot: str
    parsed: object | None = None


class ContentDoneEvent(StreamEvent, Generic[ContentType]):
    """All of the text, and with `response_format` that text as the type asked for."""

    type: Literal["content.done"]
    content: str
    parsed: ContentType | None = None


class RefusalDeltaEvent(StreamEvent):
    """More of a refusal."""

    type: Literal["refusal.delta"]
    delta: str
    snapshot: str


class RefusalDoneEvent(StreamEvent):
    """All of a refusal."""

    type: Literal["refusal.done"]
    refusal: str


class FunctionToolCallArgumentsDeltaEvent(StreamEvent):
    """More of the arguments of a tool call; Gemini mostly sends them in one piece.

    `parsed_arguments` is plain JSON, as far as it goes, where the tool is strict.
    """

    type: Literal["tool_calls.function.arguments.delta"]
    name: str
    index: int
    """Which of the message's tool calls."""
    arguments: str
    parsed_arguments: object
    arguments_delta: str


class FunctionToolCallArgumentsDoneEvent(StreamEvent):
    """All of the arguments of a tool call, and those as the tool's model."""

    type: Literal["tool_calls.function.arguments.done"]
    name: str
    index: int
    arguments: str
    parsed_arguments: object


class LogprobsContentDeltaEvent(StreamEvent):
    """The log probabilities of more tokens of the text."""

    type: Literal["logprobs.content.delta"]
    content: list[ChatCompletionTokenLogprob]
    snapshot: list[ChatCompletionTokenLogprob]


class LogprobsContentDoneEvent(StreamEvent):
    """The log probabilities of all tokens of the text."""

    type: Literal["logprobs.content.done"]
    content: list[ChatCompletionTokenLogprob]


class LogprobsRefusalDeltaEvent(StreamEvent):
    """The log probabilities of more tokens of a refusal."""

    type: Literal["logprobs.refusal.delta"]
    refusal: list[ChatCompletionTokenLogprob]
    snapshot: list[ChatCompletionTokenLogprob]


class LogprobsRefusalDoneEvent(StreamEvent):
    """The log probabilities of all tokens of a refusal."""

    type: Literal["logprobs.refusal.done"]
    refusal: list[ChatCompletionTokenLogprob]


ChatCompletionStreamEvent: TypeAlias = (
    ChunkEvent
    | ContentDeltaEvent
    | ContentDoneEvent[ResponseFormatT]
    | RefusalDeltaEvent
    | RefusalDoneEvent
    | FunctionToolCallArgumentsDeltaEvent
    | FunctionToolCallArgumentsDoneEvent
    | LogprobsContentDeltaEvent
    | LogprobsContentDoneEvent
    | LogprobsRefusalDeltaEvent
    | LogprobsRefusalDoneEvent
)
"""Any event; `event.type` tells which, to programs and to type checkers."""
