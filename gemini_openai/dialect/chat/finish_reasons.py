"""Google's word for why an answer ended to OpenAI's."""

from __future__ import annotations

RAW = "gemini_finish_reason"
"""The key of a choice that keeps Google's word, where OpenAI's is another."""

_KNOWN = frozenset({"stop", "length", "tool_calls", "content_filter", "function_call"})
_WORDS = {
    "max_tokens": "length",
    # A call the model made was unusable and is withheld: the nearest that OpenAI has, and not
    # `stop`, which would say that the answer is whole.
    "function_call_filter": "content_filter",
    "malformed_function_call": "content_filter",
    "safety": "content_filter",
    "recitation": "content_filter",
    "prohibited_content": "content_filter",
    "blocklist": "content_filter",
    "spii": "content_filter",
}


def openai_finish_reason(reason: str) -> str:
    """One of OpenAI's reasons for one with a suffix (`content_filter: SAFETY`) or a native one.

    A word that is not known is given back as it is.
    """
    word = reason.partition(":")[0].strip().lower()
    if word in _KNOWN:
        return word
    if word in _WORDS:
        return _WORDS[word]
    return "content_filter" if word.endswith("_filter") else reason
