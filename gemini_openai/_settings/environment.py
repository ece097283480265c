"""Read what a client needs from its arguments and the environment."""

from __future__ import annotations

import os

from .._exceptions import OpenAIError
from .._primitives.patterns import late_pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    KeyT = TypeVar("KeyT")

KEY_VARIABLES = ("GOOGLE_API_KEY", "GEMINI_API_KEY")  # the first wins, as in google-genai
BASE_URL_VARIABLE = "GOOGLE_GEMINI_BASE_URL"
KEY_FUNCTION = "What the api_key function returned"  # where a key is from, in errors
KEY_PAGE = "https://aistudio.google.com/apikey"


def checked_key(key: object, source: str = "The API key", *, empty: bool = True) -> str:
    """The key as it can stand in a header: without blanks, line ends and a BOM around it.

    A pair of quotes around it is taken off, too: some shells and tools leave them there.

    `source` says in an error where the key is from, `empty` whether it may be empty.

    Raises:
        OpenAIError: the key has a character that no header can carry, or a quote. The error names
            the place and the code point, and shows nothing else of the key. Or it is empty.
        TypeError: the key is no text.
    """
    if not isinstance(key, str):
        raise TypeError(f"{source} must be text, not {type(key).__name__}.")
    clean = _bare(key)
    if len(clean) > 1 and clean[0] == clean[-1] and clean[0] in "\"'":
        clean = _bare(clean[1:-1])
    if not (clean or empty):
        raise OpenAIError(
            f"{source} is empty; perhaps the variable it came from is not set. Leave api_key out "
            f"to have the key of {' or '.join(KEY_VARIABLES)} in the environment."
        )
    unfit = _UNFIT_FOR_KEY.search(clean)
    if unfit is None:
        return clean
    at = key.index(clean) + unfit.start() + 1
    raise OpenAIError(
        f"{source} cannot be sent: character {at} is U+{ord(unfit[0]):04X}, and a key has "
        "printable ASCII only, and no quotes. Copy the key again, without line ends, quotes or "
        "other text."
    )


_UNFIT_FOR_KEY = late_pattern(r"[^ -~]|[\"']")


def _bare(key: str) -> str:
    return key.strip().strip("\ufeff").strip()


def resolve_api_key(given: KeyT | None, *, required: bool = True) -> KeyT | str:
    """The key: the one given, else from the environment.

    `OPENAI_API_KEY` is never read: another company's secret must not be sent to Google.

    Raises `OpenAIError` when the key cannot be sent, and when it is empty or there is none,
    unless it is not `required`: then it is empty.
    """
    if isinstance(given, str):
        return checked_key(given, empty=not required)
    if given is not None:
        return given
    for variable in KEY_VARIABLES:
        if key := checked_key(os.environ.get(variable, ""), f"The API key in {variable}"):
            return key
    if not required:
        return ""
    looked_for = " and ".join(KEY_VARIABLES)
    message = (
        f"No API key. Looked for the api_key argument, then for {looked_for} in the environment. "
        f"Get a key at {KEY_PAGE} and set one of the two"
    )
    if os.environ.get("OPENAI_API_KEY"):
        message += (
            ". OPENAI_API_KEY is set and was left alone on purpose: "
            "it is OpenAI's secret and would be sent to Google"
        )
    raise OpenAIError(f"{message}.")


def key_of_environment() -> str:
    """The key for a client out of a pickle: looked for at each attempt, until there is one.

    Raises `OpenAIError` while there is none.
    """
    if key := resolve_api_key(None, required=False):
        return key
    looked_for = " and ".join(KEY_VARIABLES)
    raise OpenAIError(
        "No API key. This client came out of a pickle, which carries no secrets; looked for "
        f"{looked_for} in the environment. Set one of the two, or give the client a key: "
        "client.with_options(api_key=...)."
    )


def resolve_base_url(given: str | None) -> str:
    """The base URL: the one given, else from the environment, else Gemini's."""
    from .._google.vertex.urls import endpoint_root
    from ..dialect import GEMINI_BASE_URL, compatible_root, normalise_base_url

    if given is not None:
        return endpoint_root(given) or normalise_base_url(given)
    if from_environment := os.environ.get(BASE_URL_VARIABLE, "").strip():
        return compatible_root(from_environment)
    return GEMINI_BASE_URL
