"""Check the shape of `messages` before anything is sent: what OpenAI's own form would not allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...._primitives.json_types import is_array, is_object
from ...notes import InvalidRequestError
from .history import ASSISTANT_ROLES, SYSTEM_ROLES, is_text_part, note_changes
from .survey import URL_SCHEMES

if TYPE_CHECKING:
    from ...notes import Note
    from ...settings import Settings
    from .history import At

_ROLES = frozenset(
    # The last ones are in Google's own list of valid roles.
    {*SYSTEM_ROLES, *ASSISTANT_ROLES, "user", "tool", "function"}
    | {"system_1", "context", "user_context"}
)
_EXAMPLE = '[{"role": "user", "content": "Hello"}]'


def check_messages(messages: object, settings: Settings) -> None:
    """Raise `InvalidRequestError` if `messages` is no list, or an empty one."""
    if not settings.on("request-shapes") or (is_array(messages) and messages):
        return
    what = "is empty" if is_array(messages) else f"is {kind_of(messages)}"
    raise _invalid("messages", f"{what}; give a list of messages: {_EXAMPLE}.")


def with_checked_shapes(history: list[At], settings: Settings, notes: list[Note]) -> list[At]:
    """The history with each part as an object, as OpenAI has them, and no blanks around addresses.

    Raises:
        InvalidRequestError: a message or a part is of no shape that could be sent; `param` has its
            place.
    """
    for at in history:
        _check_message(at.message, f"messages[{at.place}]")
    out = [at.having(_with_objects_as_parts(at.message, settings)) for at in history]
    what = "text and image addresses were put into the form that OpenAI has for them"
    note_changes("request-shapes", what, history, out, notes)
    return out


def kind_of(value: object) -> str:
    """What a JSON value is, in the words of somebody who writes Python."""
    if value is None:
        return "None"
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return "a text"
    if isinstance(value, (int, float)):
        return "a number"
    return "a dict" if is_object(value) else "a list"


def _invalid(where: str, what: str) -> InvalidRequestError:
    """The error for something at `where` that has a shape nobody could take."""
    return InvalidRequestError(f"{where} {what}", param=where, repair="request-shapes")


def _check_message(message: object, where: str) -> None:
    if not is_object(message):
        what = f"is {kind_of(message)}; give a dict"
        raise _invalid(where, f'{what}: {{"role": "user", "content": ...}}.')
    role = message.get("role")
    if not isinstance(role, str) or role.lower() not in _ROLES:
        use = "use system, developer, user, assistant or tool."
        if "role" not in message:
            raise _invalid(where, f"has no role; {use}")
        raise _invalid(f"{where}.role", f"is {role!r}: {use}")
    calls = message.get("tool_calls")
    if calls and not is_array(calls):
        what = f"is {kind_of(calls)}; give a list of tool calls."
        raise _invalid(f"{where}.tool_calls", what)
    for number, call in enumerate(calls or ()):
        if not is_object(call):
            raise _invalid(f"{where}.tool_calls[{number}]", f"is {kind_of(call)}, no dict.")
    content = message.get("content")
    if is_array(content):
        for number, part in enumerate(content):
            _check_part(part, f"{where}.content[{number}]")
    elif not (content is None or isinstance(content, str)):
        what = f"is {kind_of(content)}; give text, or a list of parts."
        raise _invalid(f"{where}.content", what)


def _check_part(part: object, where: str) -> None:
    if isinstance(part, str):
        return
    if not is_object(part):
        what = f"is {kind_of(part)}; give a dict"
        raise _invalid(where, f'{what}: {{"type": "text", "text": ...}}.')
    kind = part.get("type")
    if is_text_part(part):
        text = part.get("text")
        if not (text is None or isinstance(text, str)):
            raise _invalid(f"{where}.text", f"is {kind_of(text)}, no text.")
    elif kind == "image_url":
        _check_image(part.get("image_url"), f"{where}.image_url")
    elif kind == "input_audio":
        _check_audio(part.get("input_audio"), f"{where}.input_audio")


def _check_image(image: object, where: str) -> None:
    if is_object(image):
        image, where = image.get("url"), f"{where}.url"
    if not isinstance(image, str):
        what = f"is {kind_of(image)}; give the address of an image as text."
        raise _invalid(where, what)
    if image.lstrip()[:8].lower().startswith(URL_SCHEMES):
        return
    made = "parts.file('files/...')" if image.startswith("files/") else "parts.image('cat.png')"
    raise _invalid(
        where,
        f"begins with {image[:24]!r}, and is no https, data or gs address. From a file or bytes, "
        f"{made} of gemini_openai makes such a part.",
    )


def _check_audio(audio: object, where: str) -> None:
    missing = [key for key in ("data", "format") if not (is_object(audio) and audio.get(key))]
    if missing:
        made = "parts.audio('speech.wav') of gemini_openai makes such a part."
        raise _invalid(where, f"has no {' and no '.join(missing)}; {made}")


def _with_objects_as_parts(message: dict[str, Any], settings: Settings) -> dict[str, Any]:
    content = message.get("content")
    if not is_array(content):
        return message
    parts = [_as_object(part, settings) for part in content]
    same = all(new is old for new, old in zip(parts, content, strict=True))
    return message if same else {**message, "content": parts}


def _as_object(part: Any, settings: Settings) -> Any:
    if isinstance(part, str):
        return {"type": "text", "text": part}
    image = part.get("image_url")
    address = image.get("url") if is_object(image) else image
    if not isinstance(address, str):
        return part
    bare = address.strip()
    if is_object(image):
        return part if bare == address else {**part, "image_url": {**image, "url": bare}}
    # Google documents the address alone for Vertex AI, and the object for both.
    if settings.backend == "developer":
        return {**part, "image_url": {"url": bare}}
    return part if bare == address else {**part, "image_url": bare}
