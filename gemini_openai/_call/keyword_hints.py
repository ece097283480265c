"""Say which keyword may be meant where one is unknown; loaded when there is such a mistake."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_NAMES_ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    # a name that other packages have: those that may be meant here
    **dict.fromkeys(("contents", "message", "prompt", "input", "history"), ("messages", "input")),
    **dict.fromkeys(("text", "texts", "content", "inputs"), ("input",)),
    **dict.fromkeys(("max_output_tokens", "max_new_tokens"), ("max_tokens",)),
    **dict.fromkeys(("response_schema", "response_mime_type", "text_format"), ("response_format",)),
    **dict.fromkeys(("api_base", "endpoint", "host", "openai_api_base"), ("base_url",)),
    **dict.fromkeys(("key", "token", "apikey", "openai_api_key"), ("api_key",)),
    **dict.fromkeys(("model_name", "engine", "deployment", "deployment_id"), ("model",)),
    **dict.fromkeys(("retries", "num_retries"), ("max_retries",)),
    **dict.fromkeys(("headers",), ("extra_headers", "default_headers")),
    **dict.fromkeys(("request_timeout", "timeout_seconds"), ("timeout",)),
    **dict.fromkeys(("total_timeout", "overall_timeout", "time_limit"), ("deadline",)),
    "stop_sequences": ("stop",),
    "candidate_count": ("n",),
    "vertex": ("vertexai",),
    "region": ("location",),
}
_ADVICE: Mapping[str, str] = {
    **dict.fromkeys(
        ("system", "system_instruction", "system_prompt", "instructions"),
        "Put it into messages: {'role': 'system', 'content': ...}.",
    ),
    **dict.fromkeys(
        ("generation_config", "config"),
        "Its fields are keywords here: temperature=, max_tokens=, stop=, ...",
    ),
}


def unexpected(name: str, known: Collection[str]) -> str:
    """That a keyword is unknown, in Python's words, and which of the known ones may be meant."""
    said = f"got an unexpected keyword argument {name!r}"
    meant = [other for other in _NAMES_ELSEWHERE.get(name, ()) if other in known]
    if not meant and name in _ADVICE and "messages" in known:
        return f"{said}. {_ADVICE[name]}"
    if not meant:
        meant = get_close_matches(name, known, n=1, cutoff=0.75)
    return f"{said}. Did you mean {meant[0]!r}?" if meant else said
