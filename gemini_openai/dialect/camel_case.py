"""Turn the protocol's own camelCase into the snake_case of the OpenAI-compatible routes.

Bodies inside of batch results come so, and a stream's last `finishReason` came so in 2024.
"""

from __future__ import annotations

import re
from typing import Any

from .._primitives.json_types import is_array, is_object

_NAMES = {
    "finishReason": "finish_reason",
    "promptTokens": "prompt_tokens",
    "completionTokens": "completion_tokens",
    "totalTokens": "total_tokens",
    "promptTokensDetails": "prompt_tokens_details",
    "completionTokensDetails": "completion_tokens_details",
    "cachedTokens": "cached_tokens",
    "reasoningTokens": "reasoning_tokens",
    "systemFingerprint": "system_fingerprint",
    "serviceTier": "service_tier",
    "toolCalls": "tool_calls",
    "toolCallId": "tool_call_id",
    "extraContent": "extra_content",
    "thoughtSignature": "thought_signature",
    "b64Json": "b64_json",
    "revisedPrompt": "revised_prompt",
}
# The second word of each name: fewer than the names, and one look for each is what a look costs.
_IN_BYTES = tuple({re.findall("[A-Z][a-z]+", name)[0].rstrip("s").encode() for name in _NAMES})


def may_have_camel_case(data: bytes) -> bool:
    """Whether the JSON in `data` may need `snake_case`: a look that costs less than the walk."""
    return any(map(data.__contains__, _IN_BYTES))


def snake_case(value: Any) -> Any:
    """`value` with the known names in snake_case; one that is there already, and not null, stays.

    The same object, if it has none of them.
    """
    if is_array(value):
        items = [snake_case(item) for item in value]
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    if not is_object(value):
        return value
    out: dict[str, Any] = {}
    changed = False
    for key, item in value.items():
        new, name = snake_case(item), _NAMES.get(key, key)
        changed = changed or new is not item or name != key
        if out.get(name) is None or (name == key and new is not None):
            out[name] = new
    return out if changed else value
