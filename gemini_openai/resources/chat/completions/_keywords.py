"""The names of the parameters of `create`, `parse` and `stream`, without their types.

A call is checked by these. The types, some 70 of them, are loaded where somebody looks at a
signature: that takes 15 ms. A test finds a name that is only in one of the two places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...._call.signature import LateKeywords

if TYPE_CHECKING:
    from ._params import CreateParams, ParseParams

REQUIRED = "messages model"
OPTIONAL = """
    audio cached_content deadline extra_body extra_headers extra_query frequency_penalty
    function_call functions include_thoughts logit_bias logprobs max_completion_tokens
    max_tokens media_resolution metadata modalities moderation n parallel_tool_calls
    prediction presence_penalty prompt_cache_key prompt_cache_options prompt_cache_retention
    reasoning_effort safety_identifier safety_settings seed service_tier stop store
    stream_options temperature thinking_budget thinking_level timeout tool_choice tools
    top_logprobs top_p user verbosity web_search_options
"""


def _create_params() -> type[CreateParams]:
    from ._params import CreateParams

    return CreateParams


def _parse_params() -> type[ParseParams]:
    from ._params import ParseParams

    return ParseParams


PARSE = LateKeywords(_parse_params, required=REQUIRED, optional=OPTIONAL)
CREATE = LateKeywords(_create_params, required=REQUIRED, optional=f"{OPTIONAL} response_format")
