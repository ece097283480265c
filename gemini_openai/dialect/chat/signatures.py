"""Keep thought signatures, and put them back when an app sends the calls without them.

Gemini 3 and later refuse a tool call of the current turn that comes back without the signature it
was made with: https://ai.google.dev/gemini-api/docs/thought-signatures
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from ..._primitives.json_types import is_array, is_object
from ..._primitives.last_kept import LastKept
from ..models import requires_signatures
from ..notes import Amendment, Note
from .tool_calls import calls_of, function_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..refusals.errors import ErrorReport
    from ..settings import Settings

PLACEHOLDER = "skip_thought_signature_validator"
"""The one documented value that both backends take for a call that Gemini did not make."""
NAMESPACES = ("google", "vertex")
"""Where in `extra_content` a signature may be; gateways before Vertex use its name."""

_REFUSED = re.compile(
    r"(corrupted|invalid) thought.?signature|thought.?signature is (not valid|invalid)",
    re.IGNORECASE,
)

_Key: TypeAlias = tuple[str, ...]


class Signature(NamedTuple):
    """A thought signature, and the part of `extra_content` it was in."""

    namespace: str
    text: str


class SignatureMemory:
    """The signatures of the last tool calls, by their ids and by what they call in answer to whom.

    A client may serve many conversations, and a signature holds thoughts of its own one. So ids
    apart, a call is the same only where the user said the same before it: see `turn_of`.

    Safe to use from several threads. `size` is the number of signed calls that are remembered; a
    signature is some hundred bytes to a few kilobytes.
    """

    def __init__(self, size: int = 4096) -> None:
        self._kept = LastKept[_Key, Signature](2 * size)  # each call is there under two keys

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, call: Any, turn: str = "") -> None:
        """Remember the signature of a tool call, if it has one."""
        signature = signature_of(call)
        if signature is None or signature.text == PLACEHOLDER:
            return
        for key in filter(None, (_arguments_key(call, turn), _id_key(call))):
            self._kept.keep(key, signature)

    def remember(self, answer: Any, messages: Sequence[Any] = ()) -> None:
        """Remember the signatures in a completion, or in a message of one: what `messages` got."""
        choices = answer.get("choices") if is_object(answer) else None
        made = [c.get("message") for c in choices if is_object(c)] if is_array(choices) else []
        signed = [c for m in made or [answer] for c in calls_of(m) if signature_of(c)]
        turn = turn_of(messages) if signed else ""
        for call in signed:
            self.keep(call, turn)

    def find(self, call: Any, turn: str | None = None) -> Signature | None:
        """The signature of a call by its id, else (if told the turn) by its name and arguments."""
        found = self._get(_id_key(call))
        return (
            self._get(_arguments_key(call, turn)) if found is None and turn is not None else found
        )

    def _get(self, key: _Key | None) -> Signature | None:
        return None if key is None else self._kept.get(key)


def signature_of(call: Any) -> Signature | None:
    """The signature on a tool call (or a message), wherever it is written."""
    if not is_object(call):
        return None
    extra = call.get("extra_content")
    if is_object(extra):
        for namespace in NAMESPACES:
            inner = extra.get(namespace)
            text = inner.get("thought_signature") if is_object(inner) else None
            if isinstance(text, str) and text:
                return Signature(namespace, text)
    text = call.get("thought_signature")
    return Signature("google", text) if isinstance(text, str) and text else None


def _is_signed(call: Any) -> bool:
    """Whether a call has a signature where Google puts it; no other place is looked at."""
    extra: Any = call.get("extra_content") if call.__class__ is dict else None
    google: Any = extra.get("google") if extra.__class__ is dict else None
    text = google.get("thought_signature") if google.__class__ is dict else None
    return text.__class__ is str and text != ""


def sign(call: dict[str, Any], signature: Signature) -> dict[str, Any]:
    """A copy of a tool call with a signature on it."""
    extra = call.get("extra_content")
    outer: dict[str, Any] = extra if is_object(extra) else {}
    inner = outer.get(signature.namespace)
    filled = {**(inner if is_object(inner) else {}), "thought_signature": signature.text}
    return {**call, "extra_content": {**outer, signature.namespace: filled}}


def turn_of(messages: Sequence[Any]) -> str:
    """A digest of what the user said last; empty if they did not speak."""
    for message in reversed(messages):
        if _is_user(message):
            said = json.dumps(message.get("content"), sort_keys=True, default=str)
            return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
    return ""


def restore_signatures(
    messages: Sequence[Any],
    model: str,
    settings: Settings,
    memory: SignatureMemory | None,
    places: Sequence[int] | None = None,
) -> tuple[Sequence[Any], Sequence[Note]]:
    """`messages` with signatures on the tool calls that lack them; the same object if none does.

    What the memory knows is put back everywhere. The placeholder is for the first call of each step
    since the user last spoke, and only for models that would refuse: no others are checked.
    `places` are those of the messages in the caller's own list, for the notes.
    """
    making = [m for m in messages if m.__class__ is dict and "tool_calls" in m]
    if all(_is_signed(call) for message in making for call in calls_of(message)):
        return messages, ()
    if not settings.on("thought-signatures"):
        memory = None
    fake = settings.on("signature-placeholder") and requires_signatures(model)
    current = _last_user(messages)
    places = range(len(messages)) if places is None else places
    owned = _signatures_here(messages, memory) if memory else set[Signature]()
    restored, faked = dict[str, None](), list[str]()
    out = list(messages)
    asked: list[Any] = []
    turn: str | None = None  # what `turn_of` makes of it, once that is wanted
    for place, message in enumerate(messages):
        if _is_user(message):
            asked, turn = [message], None
        calls = list(calls_of(message))
        for number, call in enumerate(calls):
            if not is_object(call) or signature_of(call):
                continue
            found = memory.find(call) if memory else None
            # Of parallel calls only the first is signed: an identical call must not reuse that.
            if memory and found is None and number == 0:
                turn = turn_of(asked) if turn is None else turn
                found = memory.find(call, turn)
                found = None if found in owned else found
            if found:
                restored[f"messages[{places[place]}]"] = None
            elif fake and number == 0 and place > current:
                found = Signature("google", PLACEHOLDER)
                faked.append(f"messages[{places[place]}]")
            if found:
                calls[number] = sign(call, found)
                out[place] = {**message, "tool_calls": calls}
    return (out, list(_notes(restored, faked))) if restored or faked else (messages, ())


def learn_corrupted_signatures(
    body: dict[str, Any], report: ErrorReport, settings: Settings
) -> Amendment | None:
    """`body` to send once more after Gemini called a thought signature corrupted.

    It does not say which. The calls of the current turn that need one get the placeholder; all
    others go, since nothing requires them.
    """
    messages = body.get("messages")
    refused = _REFUSED.search(report.message or "")
    if not refused or not is_array(messages) or not settings.on("corrupted-signatures"):
        return None
    needed = requires_signatures(str(body.get("model")))
    current = _last_user(messages)
    out: list[Any] = []
    for place, message in enumerate(messages):
        unsigned = _unsigned(message)
        calls = [_unsigned(call) for call in calls_of(message)]
        if calls and needed and place > current and is_object(calls[0]):
            calls[0] = sign(calls[0], Signature("google", PLACEHOLDER))
        out.append({**unsigned, "tool_calls": calls} if calls else unsigned)
    if out == messages:
        return None
    note = Note(
        "corrupted-signatures",
        "Gemini refused a thought signature in this history, as it does after a change of model, "
        "so the request was sent again without them, with Google's placeholder on the tool calls "
        "of the current turn. The model cannot continue its own thoughts there.",
        changes_answer=True,
        warn=True,
    )
    return Amendment("corrupted signatures", {**body, "messages": out}, [note])


def _unsigned(item: Any) -> Any:
    """A message or a call without a signature, wherever it is written."""
    if signature_of(item) is None:
        return item
    out = {key: value for key, value in item.items() if key != "thought_signature"}
    if is_object(extra := out.pop("extra_content", None)):
        kept = {name: rest for name, inner in extra.items() if (rest := _unsigned(inner))}
        if kept:
            out["extra_content"] = kept
    return out


def _signatures_here(messages: Sequence[Any], memory: SignatureMemory) -> set[Signature]:
    """The signatures that belong to calls of this history, by their ids or as they stand there.

    A call with the same arguments as another one, of before a restart, must not get that one's.
    """
    calls = [call for message in messages for call in calls_of(message) if is_object(call)]
    found = (signature_of(call) or memory.find(call) for call in calls)
    return {signature for signature in found if signature}


def _notes(restored: Iterable[str], faked: list[str]) -> Iterator[Note]:
    if restored:
        places = ", ".join(restored)
        yield Note("thought-signatures", f"thought signatures put back on tool calls: {places}")
    if faked:
        yield Note(
            "signature-placeholder",
            "Tool calls of the current turn had no thought signature and this client has not seen "
            "them before, so Google's placeholder was sent instead. The model cannot continue "
            "its own thoughts there. Keep extra_content with the tool calls in your history.",
            changes_answer=True,
            warn=True,
        )


def _last_user(messages: Sequence[Any]) -> int:
    """Where the user spoke last, -1 if they did not: after it is the current turn."""
    return max((i for i, m in enumerate(messages) if _is_user(m)), default=-1)


def _is_user(message: Any) -> bool:
    return is_object(message) and message.get("role") == "user"


def _id_key(call: Any) -> _Key | None:
    wanted = call.get("id")
    return ("id", wanted) if isinstance(wanted, str) and wanted else None


def _arguments_key(call: Any, turn: str) -> _Key:
    function = function_of(call)
    return ("call", turn, str(function.get("name")), _canonical(function.get("arguments")))


def _canonical(arguments: object) -> str:
    """Arguments as JSON text that does not depend on order and spaces, if they are JSON at all."""
    try:
        value = json.loads(arguments) if isinstance(arguments, str) else arguments
    except ValueError:
        return str(arguments)
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
