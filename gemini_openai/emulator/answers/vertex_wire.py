"""Write answers as the JSON of Vertex AI's chat route, a second dialect.

It differs from the Gemini API's: reasoning has its own count beside `completion_tokens`,
usage comes unasked with a stream's last chunk, streamed calls have an index, each of their
fragments repeats the name, and thoughts are marked only where a `thought_tag_marker` is given.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..http.json_values import string
from . import answer as rule
from .wire import ChatWire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .answer import Call


@dataclass(frozen=True)
class VertexWire(ChatWire):
    """One request with its answers; `body` has the model's name without its publisher.

    Attributes:
        model: The name as it was sent.
        traffic_type: What the request counts as, for `usage.extra_properties`.
    """

    model: str = ""
    traffic_type: str = "ON_DEMAND"

    @property
    def _marker(self) -> str:
        return string(vertex_options(self.body).get("thought_tag_marker"))

    @property
    def _thought_tags(self) -> tuple[str, str]:
        marker = self._marker
        return (f"<{marker}>", f"</{marker}>") if marker else ("", "")

    @property
    def _thought_flag(self) -> dict[str, Any]:
        return {}

    @property
    def _usage_wanted(self) -> bool:
        return True

    @staticmethod
    def _interim(usage: dict[str, Any] | None) -> dict[str, Any] | None:
        return None

    def _envelope(
        self, kind: str, choices: list[dict[str, Any]] | None, usage: dict[str, Any] | None
    ) -> dict[str, Any]:
        out = super()._envelope(kind, choices, usage)
        return {**out, "model": self.model, "system_fingerprint": ""}

    def _whole(self, choice: Any) -> dict[str, Any]:
        return {**super()._whole(choice), "logprobs": None}

    def _call(self, call: Call, place: str, *, signed: bool) -> dict[str, Any]:
        out = super()._call(call, place, signed=signed)
        if call.id is None and out["id"]:
            made_up = uuid.uuid5(uuid.NAMESPACE_URL, f"{self.stamp.id}/{place}")
            return {**out, "id": f"function-call-{made_up}"}
        return out

    def _usage(self) -> dict[str, Any]:
        usage = super()._usage()
        thinking = usage["total_tokens"] - usage["prompt_tokens"] - usage["completion_tokens"]
        if thinking > 0:
            usage["completion_tokens_details"] = {"reasoning_tokens": thinking}
        usage["extra_properties"] = {"google": {"traffic_type": self.traffic_type}}
        return usage


def vertex_options(body: Mapping[str, Any]) -> dict[str, Any]:
    """`extra_body.google`, its names in snake case."""
    return {rule.snake_case(name): value for name, value in rule.google_options(body).items()}
