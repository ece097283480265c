"""Say what helps with a refusal, in the terms of the request that the caller wrote.

Google names what it refuses in its own terms, or not at all. Each row of `HINTS` is a phrase of
Google's and a function that gives the advice, or nothing where it has none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from ..._primitives.json_types import is_array, is_object
from ..model_table import bare_model, facts_of
from ..models import on_openais_name
from ..paths import paths_in, show_path
from ..settings import DEFAULT_SETTINGS, Settings
from .places import function_places, place_in_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ..paths import Path
    from .errors import ErrorReport

Credential: TypeAlias = Literal["access token", "OpenAI key"]
"""What a client sends to say who it is, where that may be the trouble: an access token that nobody
renews, or a key that begins as OpenAI's do."""


class Refusal(NamedTuple):
    """A refused request, and what is known of it.

    `sent` is the body that was refused, `asked` the one the caller wrote. `origins` has for each
    message sent its place among the caller's, None where that is not known. `first_input` is the
    place of the first text to embed, where the request is a part of a larger one. `given_names` has
    the caller's names of functions by those that were sent instead. `unmade` are the repairs of
    this request that are switched off.
    """

    report: ErrorReport
    sent: Mapping[str, Any] = {}
    asked: Mapping[str, Any] = {}
    status: int = 400
    settings: Settings = DEFAULT_SETTINGS
    origins: Sequence[int | None] = ()
    first_input: int = 0
    given_names: Mapping[str, str] = {}
    unmade: Sequence[str] = ()
    credential: Credential | None = None

    @property
    def message(self) -> str:
        """Google's words."""
        return self.report.message or ""

    @property
    def messages(self) -> list[tuple[str | None, dict[str, Any]]]:
        """The messages sent, each with the name of its place among the caller's."""
        found = enumerate(_list(self.sent.get("messages")))
        return [(self.message_name(at), message) for at, message in found if is_object(message)]

    def message_name(self, place: int) -> str | None:
        """The caller's name for a message that was sent, as `messages[3]`."""
        origin = self.origins[place] if place < len(self.origins) else None
        return None if origin is None else f"messages[{origin}]"

    def tool_name(self, place: int) -> str | None:
        """The caller's name for a tool that was sent, as `tools[1], 'get-weather'`."""
        sent, asked = _list(self.sent.get("tools")), _list(self.asked.get("tools"))
        name = _function_name(sent[place]) if place < len(sent) else None
        if name is None:
            return None
        # Google's own tools may have gone elsewhere; the functions are in the same order.
        functions = [at for at, tool in enumerate(asked) if _asked_name(tool)]
        number = sum(map(bool, map(_function_name, sent[:place])))
        if number < len(functions):
            place = functions[number]
        return f"tools[{place}], {self.given_names.get(name, name)!r}"


def hint(refusal: Refusal) -> str | None:
    """What helps with a refusal, and where in the caller's request its reason is.

    None where nothing in the request is known to be its reason.
    """
    if not refusal.settings.on("hints"):
        return None
    said = f"{refusal.status}: {refusal.message} [{refusal.report.reason}]"
    advices = (advise(refusal) for words, advise in HINTS if re.search(words, said))
    advice = next(filter(None, advices), None)
    place = next(filter(None, (_told(refusal, path) for path in paths_in(refusal.message))), None)
    return ": ".join(filter(None, (place, advice))) or None


# --- places ---


def _told(refusal: Refusal, path: Path) -> str | None:
    """Where a path of Google's leads, in the caller's terms; None if it is in nobody's request."""
    place = place_in_request(path, refusal.sent)
    match place:
        case ("tools", int(number), *rest):
            inside = tuple(rest[1:])  # behind "function"
            name = refusal.tool_name(number)
            return f"{name}, at {show_path(inside)}" if name and len(inside) > 1 else name
        case ("messages", int(number), *_):
            return refusal.message_name(number)
        case ("input", int(number), *_):
            return f"input[{refusal.first_input + number}]"
        case ("response_format", *rest) if rest:
            return f"response_format, at {show_path(tuple(rest))}"
        case _:
            return None


def _function_name(tool: object) -> str | None:
    function = tool.get("function") if is_object(tool) else None
    name = function.get("name") if is_object(function) else None
    return name if isinstance(name, str) and name else None


def _asked_name(tool: object) -> str | None:
    """The name of a function as the caller wrote it, perhaps flat."""
    return _function_name(tool) or (_function_name({"function": tool}) if is_object(tool) else None)


def _list(value: object) -> list[Any]:
    return value if is_array(value) else []


def _parts(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [part for part in _list(message.get("content")) if is_object(part)]


def _named(places: Sequence[str | None]) -> str:
    """Places as the beginning of a sentence; nothing where one is not known, or there are many."""
    if not places or len(places) > _MOST_NAMED or not all(places):
        return ""
    return f"{', '.join(dict.fromkeys(map(str, places)))}: "


_MOST_NAMED = 3


# --- credentials ---

VERTEX_CLIENT = "OpenAI(vertexai=True, project=..., location=...)"
_NEW_KEY = "https://aistudio.google.com/apikey"


def _about_token(refusal: Refusal) -> str | None:
    if refusal.credential == "OpenAI key":
        return _about_key(refusal)
    if refusal.settings.backend == "vertex":
        fixed = refusal.credential == "access token"
        return f"access tokens last an hour; {VERTEX_CLIENT} renews them" if fixed else None
    if "ACCESS_TOKEN_TYPE_UNSUPPORTED" not in str(refusal.report.reason):
        return None
    return (
        "the key was taken for an access token, which is for Vertex AI; the Gemini Developer API "
        f"wants an API key: {_NEW_KEY}"
    )


def _about_key(refusal: Refusal) -> str | None:
    if refusal.credential != "OpenAI key":
        return None
    return f"the key begins as OpenAI's do; keys for Gemini are made at {_NEW_KEY}"


def _about_keys_on_vertex(refusal: Refusal) -> str:
    return f"this endpoint takes access tokens and no API keys; {VERTEX_CLIENT} gets them"


# --- models ---

_METHOD_FOR = {
    "image": "images.generate",
    "video": "videos.create",
    "embedding": "embeddings.create",
}
"""What a model makes: the method that such models are for."""


def _about_model(refusal: Refusal) -> str | None:
    model = str(refusal.sent.get("model"))
    method = _METHOD_FOR.get(facts_of(model).kind)
    if method is None:
        return None
    if advice := on_openais_name(bare_model(model)):
        return f"{advice}. Such models do not chat; they are for {method}"
    return f"{model} is not a chat model; use it with {method}"


def _about_penalties(refusal: Refusal) -> str | None:
    named = [name for name in ("presence_penalty", "frequency_penalty") if name in refusal.sent]
    return f"leave out {' and '.join(named)}" if named else None


def _about_length(refusal: Refusal) -> str | None:
    sizes = [(_length(message), name) for name, message in refusal.messages]
    if not sizes:
        return "shorten the text, or embed parts of it" if "input" in refusal.sent else None
    longest, name = max(sizes, key=lambda row: row[0])
    if name is None or len(sizes) == 1 or 2 * longest < sum(size for size, _ in sizes):
        return "shorten the messages, or leave out the oldest"
    return f"shorten the messages; the longest is {name}, with {longest:,} characters of text"


def _length(message: Mapping[str, Any]) -> int:
    content = message.get("content")
    texts = [content, *(part.get("text") for part in _parts(message))]
    return sum(len(text) for text in texts if isinstance(text, str))


# --- messages ---

_ROLES = ("system", "developer", "user", "assistant", "tool")


def _about_roles(refusal: Refusal) -> str | None:
    known = ", ".join(_ROLES)
    for name, message in refusal.messages:
        role = message.get("role")
        if name and role not in _ROLES:
            return f"{name} has the role {role!r}; OpenAI's roles are {known}"
    return None


def _about_contents(refusal: Refusal) -> str | None:
    if "messages" not in refusal.sent:
        return "give some text to embed" if "input" in refusal.sent else None
    if refusal.messages:
        return "only the system speaks in messages; give a message with the role user"
    return "messages is empty; give at least one with the role user"


def _about_addresses(refusal: Refusal) -> str:
    found = [
        name
        for name, message in refusal.messages
        for part in _parts(message)
        if _address(part).startswith(("http://", "https://"))
    ]
    return (
        f"{_named(found)}Google does not fetch every address. Send the image itself: "
        "parts.image(path or bytes), or a data: URL with base64"
    )


def _about_images(refusal: Refusal) -> str:
    found = [
        name for name, message in refusal.messages for part in _parts(message) if _address(part)
    ]
    return (
        f"{_named(found)}check that the image is whole and of the type it is sent as. Gemini reads "
        "PNG, JPEG, WebP, HEIC and HEIF"
    )


def _address(part: Mapping[str, Any]) -> str:
    image = part.get("image_url")
    address = image.get("url") if is_object(image) else image
    return address if isinstance(address, str) else ""


def _about_signatures(refusal: Refusal) -> str:
    return (
        "a tool call in messages has a thought signature that this model did not make, or that was "
        "changed on the way. Send the message as the answer had it, or its tool_calls without "
        "extra_content"
    )


def _about_missing_signature(refusal: Refusal) -> str | None:
    called = re.search(r"`(?:default_api[.:])?([^`]+)`", refusal.message)
    calling = [
        name
        for name, message in refusal.messages
        if called
        and called[1] in [_function_name(call) for call in _list(message.get("tool_calls"))]
    ]
    return f"{_named(calling)}send the message as the answer had it, with its extra_content"


def _about_results(refusal: Refusal) -> str:
    return "each tool call needs one message of role tool with its id, right after the message"


# --- tools and formats ---


def _about_function_name(refusal: Refusal) -> str:
    return "give the function another name"


def _about_json_beside_tools(refusal: Refusal) -> str:
    model = str(refusal.sent.get("model"))
    if "json_beside_tools" not in facts_of(model).refuses:
        return f"{model} takes either tools or a JSON response_format here: leave out one of them"
    return (
        "before Gemini 3 a request has either tools or a JSON response_format: leave out one of "
        "them, or ask a model of Gemini 3 or later"
    )


def _about_equal_names(refusal: Refusal) -> str | None:
    tools = _list(refusal.asked.get("tools"))
    names = [_asked_name(tool) for tool in tools]
    places = [f"tools[{at}]" for at, name in enumerate(names) if name and names.count(name) > 1]
    return f"{', '.join(places)} have equal names" if places else None


def _about_other_tools(refusal: Refusal) -> str | None:
    tools = _list(refusal.sent.get("tools"))
    functions = function_places(tools)
    for place, tool in enumerate(tools):
        if is_object(tool) and place not in functions:
            kind = tool.get("type") or next(iter(tool), None)
            elsewhere = (
                "go into extra_body={'google': {'tools': [...]}}; web_search_options searches, too"
                if refusal.settings.backend == "vertex"
                else "are tools of the google-genai package; on Vertex AI they go into "
                "extra_body={'google': {'tools': [...]}}, and web_search_options searches"
            )
            return (
                f"tools[{place}] is {kind!r}, but tools takes functions only here. Google Search, "
                f"URL context and code execution {elsewhere}"
            )
    return None


# --- a refusal without a reason ---


def _about_anything(refusal: Refusal) -> str | None:
    """What is unusual in a request that Google refuses without a word on why."""
    found = list(_unusual(refusal))
    return "; ".join(found[:_MOST_NAMED]) or None


def _unusual(refusal: Refusal) -> Iterator[str]:
    sent = refusal.sent
    if other := _about_other_tools(refusal):
        yield other
    for name in ("max_tokens", "max_completion_tokens", "n"):
        value = sent.get(name)
        if isinstance(value, (int, float)) and value < 1:
            yield f"{name} is {value}, and at least 1 is needed"
    for name, low, high in _RANGES:
        value = sent.get(name)
        if isinstance(value, (int, float)) and not low <= value <= high:
            yield f"{name} is {value}, and must be from {low} to {high}"
    for where, message in refusal.messages:
        if where:
            yield from _unusual_in(where, message, refusal)
    kind = sent.get("response_format")
    kind = kind.get("type") if is_object(kind) else None
    if kind is not None and kind not in _FORMATS:
        yield f"response_format has the type {kind!r}; the types are {', '.join(_FORMATS)}"
    forced = _function_name(sent.get("tool_choice"))
    if forced and forced not in map(_function_name, _list(sent.get("tools"))):
        yield f"tool_choice asks for {forced!r}, which is not among the tools"
    if refusal.unmade:
        yield f"repairs of this request are switched off: {', '.join(refusal.unmade)}"


_RANGES = (("temperature", 0, 2), ("top_p", 0, 1), ("presence_penalty", -2, 2))
_FORMATS = ("text", "json_object", "json_schema")


def _unusual_in(name: str, message: Mapping[str, Any], refusal: Refusal) -> Iterator[str]:
    content, calls = message.get("content"), message.get("tool_calls")
    if content is not None and not isinstance(content, (str, list)):
        kind = "an object" if is_object(content) else "no text"
        yield f"{name}.content is {kind}; give a text, or a list of parts"
    if not content and not calls and message.get("role") in {"system", "user"}:
        yield f"{name} is empty"
    for place, part in enumerate(_parts(message)):
        if part.get("type") == "text" and not part.get("text"):
            yield f"{name}.content[{place}] is an empty text"
    model = str(refusal.sent.get("model"))
    on_vertex = refusal.settings.backend == "vertex"
    if content and calls and on_vertex and "text_beside_calls" in facts_of(model).refuses:
        yield f"{name}.content is text beside tool_calls, which {model} is reported to refuse"


# --- the table ---


def _say(advice: str) -> Callable[[Refusal], str]:
    return lambda refusal: advice


HINTS: tuple[tuple[str, Callable[[Refusal], str | None]], ...] = (
    ("API keys are not supported by this API", _about_keys_on_vertex),
    ("^401:", _about_token),
    ("(?i)API key not (valid|found)", _about_key),
    (
        "API_KEY_SERVICE_BLOCKED",
        _say(
            "the key's API restrictions do not name the Generative Language API: add it to the key "
            "at https://console.cloud.google.com/apis/credentials"
        ),
    ),
    (
        "Multiple authentication credentials",
        _say("give the key once, as api_key: not in a header or as ?key= of base_url as well"),
    ),
    (
        "User location is not supported",
        _say(
            "Google goes by the address that the request comes from; see "
            "https://ai.google.dev/gemini-api/docs/available-regions. Vertex AI may be open there"
        ),
    ),
    ("not supported for generateContent", _about_model),
    ("Penalty is not enabled for this model", _about_penalties),
    ("input token count", _about_length),
    ("Please use a valid role", _about_roles),
    ("contents is not specified", _about_contents),
    ("(?i)(invalid or )?unsupported file uri", _about_addresses),
    ("Unable to process input image|Provided image is not valid", _about_images),
    ("Corrupted thought signature", _about_signatures),
    ("missing a thought_signature", _about_missing_signature),
    ("function response turn comes immediately|number of function response parts", _about_results),
    ("Invalid function name", _about_function_name),
    ("with a response mime type", _about_json_beside_tools),
    (
        "Tool use with function calling is unsupported|Multiple tools are supported only when",
        _say("this model takes Google's own tools or functions, not both: leave out one of them"),
    ),
    ("Duplicate function declaration", _about_equal_names),
    (r"at 'tools\[", _about_other_tools),
    ("contains an invalid argument", _about_anything),
)
"""Phrases of Google's, as patterns that are searched for in the status, message and reason of a
refusal, and the advice on each. The first that has advice is the one that is told."""
