"""Say whether and how calls are recorded: an argument of the client, or the environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .._primitives.lazy import cached_property

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

    from .operation import Instruments

SWITCH = "GEMINI_OPENAI_TELEMETRY"
CONTENT_SWITCH = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
_ON = frozenset({"1", "on", "true", "yes"})
_CONTENT_ON = frozenset({"1", "true", "span_only", "span_and_event"})


@dataclass(frozen=True)
class Telemetry:
    """What a client records of its calls with OpenTelemetry: `OpenAI(telemetry=Telemetry(...))`.

    Attributes:
        capture_content: whether spans have what was asked and answered. None: as
            `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` says, and no if it says nothing.
        tracer_provider: where spans go; the global provider if not given.
        meter_provider: where metrics go; the global provider if not given.

    Raises:
        ImportError: opentelemetry-api is not installed.
    """

    capture_content: bool | None = None
    tracer_provider: TracerProvider | None = None
    meter_provider: MeterProvider | None = None

    def __post_init__(self) -> None:
        _ = self._instruments  # now, and not at the first call

    @cached_property
    def _instruments(self) -> Instruments:
        """What spans and metrics are made with."""
        try:
            from .operation import Instruments
        except ImportError as missing:
            if not (missing.name or "").startswith("opentelemetry"):
                raise
            raise ImportError(
                "telemetry needs opentelemetry-api, which is not installed. "
                "Install it with: pip install 'gemini-openai[otel]'",
                name=missing.name,
            ) from missing
        return Instruments.of(self.tracer_provider, self.meter_provider)

    def _captures_content(self, environment: Mapping[str, str]) -> bool:
        """Whether what is asked and answered is recorded."""
        if self.capture_content is not None:
            return self.capture_content
        return environment.get(CONTENT_SWITCH, "").strip().lower() in _CONTENT_ON

    def __reduce__(self) -> tuple[Any, ...]:
        # Providers belong to a process. Where a pickle is opened, the global ones serve.
        return type(self), (self.capture_content,)


def resolve_telemetry(given: object, environment: Mapping[str, str]) -> Telemetry | None:
    """What was given; with None, what the environment says. None where nothing is recorded.

    Raises `TypeError` for anything else, and `ImportError` as `Telemetry` does.
    """
    if given is None:
        given = environment.get(SWITCH, "").strip().lower() in _ON
    if isinstance(given, bool):
        return Telemetry() if given else None
    if not isinstance(given, Telemetry):
        raise TypeError(f"telemetry must be True, False or a Telemetry, not {given!r}.")
    return given
