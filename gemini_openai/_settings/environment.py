"""Read what a client needs from its arguments and the environment."""

from __future__ import annotations

import os

from .._exceptions import OpenAIError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    KeyT = TypeVar("KeyT")

KEY_VARIABLES = ("GOOGLE_API_KEY", "GEMINI_API_KEY")  # the first wins, as in google-genai
BASE_URL_VARIABLE = "GOOGLE_GEMINI_BASE_URL"
KEY_FUNCTION = "What the api_key function returned"  # where a key is from, in errors
KEY_PAGE = "https://aistudio.google.com/apikey"


def checked_key(key: object, source: str = "The API key") -> str:
    """The key as it can stand in a header: without blanks, line ends and a BOM around it.

    `source` says in an error where the key is from.

    Raises:
        OpenAIError: the key has a character that no header can carry. The error names the place
            and the code point, and shows nothing else of the key.
        TypeError: the key is no text.
    """
    if not isinstance(key, str):
        raise TypeError(f"{source} must be text, not {type(key).__name__}.")
    clean = key.strip().strip("\ufeff").strip()
    if clean.isascii() and clean.isprintable():
        return clean
    before = key.index(clean)
    at, character = next((n, c) for n, c in enumerate(clean, before + 1) if not " " <= c <= "~")
    raise OpenAIError(
        f"{source} cannot be sent: character {at} is U+{ord(character):04X}, and a header takes "
        "printable ASCII only. Copy the key again, without line ends, quotes or other text."
    )


def resolve_api_key(given: KeyT | None, *, required: bool = True) -> KeyT | str:
    """The key: the one given, else from the environment.

    `OPENAI_API_KEY` is never read: another company's secret must not be sent to Google.

    Raises `OpenAIError` when that of the environment cannot be sent, and when there is none,
    unless it is not `required`: then it is empty.
    """
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
