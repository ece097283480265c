"""Record one operation of a model: its span and its metrics, from request to end."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from opentelemetry.metrics import get_meter
from opentelemetry.trace import SpanKind, Status, StatusCode, get_tracer, use_span

from .._version import __version__
from .content import Output, as_json, input_attributes
from .request import request_attributes
from .values import field, listed

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from opentelemetry.metrics import Histogram, MeterProvider
    from opentelemetry.trace import Span, Tracer, TracerProvider

    from .request import Observed

# The boundaries are those that the conventions advise.
_DURATIONS = [0.01 * 2**power for power in range(14)]
_TOKENS = [4.0**power for power in range(14)]
_FIRST_CHUNK = [
    *(0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1),
    *(0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0),
]

_USAGE = {
    "gen_ai.usage.cache_read.input_tokens": ("prompt_tokens_details", "cached_tokens"),
    "gen_ai.usage.reasoning.output_tokens": ("completion_tokens_details", "reasoning_tokens"),
}
_IN_METRICS = (
    "gen_ai.operation.name",
    "gen_ai.provider.name",
    "gen_ai.request.model",
    "server.address",
    "server.port",
)


class Instruments(NamedTuple):
    """What spans and metrics are made with."""

    tracer: Tracer
    duration: Histogram
    tokens: Histogram
    first_chunk: Histogram

    @classmethod
    def of(cls, tracers: TracerProvider | None, meters: MeterProvider | None) -> Instruments:
        """Those of these providers, or of the global ones, be they set now or later."""
        name = __name__.partition(".")[0]
        meter = get_meter(name, __version__, meters)
        return cls(
            get_tracer(name, __version__, tracers),
            meter.create_histogram(
                "gen_ai.client.operation.duration",
                "s",
                "GenAI operation duration.",
                explicit_bucket_boundaries_advisory=_DURATIONS,
            ),
            meter.create_histogram(
                "gen_ai.client.token.usage",
                "{token}",
                "Number of input and output tokens used.",
                explicit_bucket_boundaries_advisory=_TOKENS,
            ),
            meter.create_histogram(
                "gen_ai.client.operation.time_to_first_chunk",
                "s",
                "Time to receive the first chunk.",
                explicit_bucket_boundaries_advisory=_FIRST_CHUNK,
            ),
        )


class Operation:
    """A call of a model under way. It ends once, whatever comes first."""

    def __init__(self, instruments: Instruments, observed: Observed, *, content: bool) -> None:
        self._instruments = instruments
        self._content = content
        attributes = request_attributes(observed)
        self._in_metrics = {name: attributes[name] for name in _IN_METRICS if name in attributes}
        model = attributes.get("gen_ai.request.model")
        self._span: Span = instruments.tracer.start_span(
            " ".join(filter(None, (observed.name, model))),
            kind=SpanKind.CLIENT,
            attributes=attributes,
        )
        if content and self._span.is_recording():
            self._span.set_attributes(input_attributes(observed.body))
        self._open = [self]  # emptied by whoever ends it: `pop` is atomic, and takes no lock
        self._begun = perf_counter()
        self._chunks_begun = False
        self._found: dict[str, Any] = {}
        self._usage: Any = None
        self._reasons: dict[int, str] = {}
        self._output = Output() if content and observed.name == "chat" else None

    @contextmanager
    def current(self) -> Generator[None, None, None]:
        """A block whose spans, such as those of HTTP requests, are children of this one.

        What it raises ends the operation.
        """
        try:
            with use_span(self._span, record_exception=False, set_status_on_exception=False):
                yield
        except BaseException as error:
            self.end(error)
            raise

    def note_chunk(self, chunk: object) -> None:
        """Take from a chunk of a stream what is recorded."""
        if not self._chunks_begun:
            self._chunks_begun = True
            seconds = perf_counter() - self._begun
            self._found["gen_ai.response.time_to_first_chunk"] = seconds
            self._instruments.first_chunk.record(seconds, self._metric_attributes())
        self.note(chunk)

    def note(self, answer: object) -> None:
        """Take from an answer, or from a chunk of one, what is recorded."""
        for name in ("id", "model"):
            if isinstance(value := field(answer, name), str) and value:
                self._found[f"gen_ai.response.{name}"] = value
        if usage := field(answer, "usage"):
            self._usage = usage
        for place, choice in enumerate(listed(field(answer, "choices"))):
            index = field(choice, "index")
            index = index if isinstance(index, int) else place
            if isinstance(reason := field(choice, "finish_reason"), str):
                self._reasons[index] = reason
            if self._output is not None:
                self._output.add(index, choice)

    def end(self, error: BaseException | None = None) -> None:
        """End the span and record the metrics, unless that was done."""
        try:
            self._open.pop()
        except IndexError:
            return
        if sys.is_finalizing():  # exporters need what is gone by now
            return
        seconds = perf_counter() - self._begun
        if error is not None:
            # What was read before the answer was found wanting: it was cut off, for example.
            if (answer := getattr(error, "completion", None)) is not None:
                self.note(answer)
            self._found["error.type"] = type(error).__qualname__
            # Its text may quote what was asked or answered.
            self._span.set_status(Status(StatusCode.ERROR, str(error) if self._content else None))
        counted = _counted(self._usage)
        self._span.set_attributes({**self._found, **counted, **self._whole()})
        self._span.end()
        attributes = self._metric_attributes()
        self._instruments.duration.record(seconds, attributes)
        for kind in ("input", "output"):
            if (tokens := counted.get(f"gen_ai.usage.{kind}_tokens")) is not None:
                self._instruments.tokens.record(tokens, {**attributes, "gen_ai.token.type": kind})

    def _whole(self) -> dict[str, Any]:
        """What is known of an answer when all of it has come."""
        attributes: dict[str, Any] = {}
        if self._reasons:
            reasons = [self._reasons[index] for index in sorted(self._reasons)]
            attributes["gen_ai.response.finish_reasons"] = reasons
        if self._output is not None and (messages := self._output.messages(self._reasons)):
            attributes["gen_ai.output.messages"] = as_json(messages)
        return attributes

    def _metric_attributes(self) -> dict[str, Any]:
        names = ("gen_ai.response.model", "error.type")
        return {**self._in_metrics, **{n: self._found[n] for n in names if n in self._found}}


def _counted(usage: object) -> Mapping[str, int]:
    """The tokens of an operation. What was thought is part of the output, and is paid for as such.

    Gemini itself counts it in the total alone, and so does an answer without the repair of that.
    Nothing is known where the total is 0, as for embeddings.
    """
    if not field(usage, "total_tokens"):
        return {}
    counted: dict[str, int] = {}
    prompt, total = field(usage, "prompt_tokens"), field(usage, "total_tokens")
    if isinstance(prompt, int):
        counted["gen_ai.usage.input_tokens"] = prompt
    if isinstance(output := field(usage, "completion_tokens"), int):
        whole = total - prompt if isinstance(total, int) and isinstance(prompt, int) else output
        counted["gen_ai.usage.output_tokens"] = max(output, whole)
    for name, (details, key) in _USAGE.items():
        if isinstance(tokens := field(field(usage, details), key), int):
            counted[name] = tokens
    return counted
