"""The short way that ordinary requests and answers take gives what the long one gives."""

from __future__ import annotations

import copy
import enum
import json
import math
import tracemalloc
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, get_args

import httpx
import pytest
from fuzz.corpus import JUNK, odd_value
from hypothesis import given, settings, strategies as st

from gemini_openai._call import answer as answers
from gemini_openai._call.encode import encode_json, plain_json
from gemini_openai.dialect import Translator
from gemini_openai.dialect.chat.answers.choices import refuse_no_completion
from gemini_openai.dialect.chat.answers.completions import adapt_completion, ordinary_completion
from gemini_openai.dialect.chat.answers.context import answer_context
from gemini_openai.dialect.routes.embeddings import vectors_apart
from gemini_openai.dialect.settings import make_settings
from gemini_openai.dialect.table import RepairName
from gemini_openai.types.create_embedding_response import CreateEmbeddingResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Strategy = st.SearchStrategy[Any]

TEXTS = st.text() | st.sampled_from(["\ud800", "NaN", "\u2028\x7f\x00/", "🙂"])
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.integers(2**62)
VALUES: Strategy = st.recursive(
    TEXTS | NUMBERS | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


class Unit(str, enum.Enum):
    CELSIUS = "c"


# --- JSON ----------------------------------------------------------------------------------------


@given(VALUES)
def test_json_is_what_the_standard_library_writes(value: Any) -> None:
    assert plain_json(value) is value
    text = encode_json(value).decode("utf-8", "surrogatepass")
    assert json.loads(text) == json.loads(json.dumps(value))


@given(
    st.dictionaries(
        st.one_of(TEXTS, st.integers(), st.floats(0, 9), st.booleans(), st.none()), NUMBERS
    )
)
def test_keys_that_are_no_text_are_written_as_the_standard_library_writes_them(
    value: dict[Any, Any],
) -> None:
    before = dict(value)
    sent = encode_json(plain_json({"bias": [value]})).decode("utf-8", "surrogatepass")
    assert json.loads(sent) == {"bias": [json.loads(json.dumps(value))]}
    assert value == before


def test_a_key_that_json_cannot_have_is_refused() -> None:
    with pytest.raises(TypeError, match=r"keys must be str.*not tuple, as in the body\['a'\]"):
        plain_json({"a": {("b", "c"): 1}})


def test_subclasses_of_scalars_become_what_they_are_in_json() -> None:
    made = plain_json({"unit": Unit.CELSIUS, Unit.CELSIUS: [True, Unit.CELSIUS]})
    assert made == {"unit": "c", "c": [True, "c"]}
    assert {type(made["unit"]), *map(type, made)} == {str}


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("within", [lambda n: {"a": [n]}, lambda n: {"a": ({"b": n},)}])
def test_a_number_that_json_lacks_is_refused_with_its_place(
    number: float, within: Callable[[float], Any]
) -> None:
    with pytest.raises(
        ValueError, match=r"not JSON compliant: the body\['a'\]\[0\].* is -?(nan|inf)"
    ):
        plain_json(within(number))


def test_a_body_that_holds_itself_is_refused() -> None:
    body: dict[str, Any] = {}
    body["messages"] = [body, body]
    with pytest.raises(RecursionError):
        plain_json(body)


def test_what_is_nested_deeply_is_written_all_the_same() -> None:
    value: Any = "end"
    for _ in range(400):
        value = [value]
    assert encode_json(plain_json(value)) == b"[" * 400 + b'"end"' + b"]" * 400


# --- chat ----------------------------------------------------------------------------------------

ODD = st.sampled_from([value for value in JUNK if not isinstance(value, float)])


def some(value: Strategy, odd: Strategy = ODD) -> Strategy:
    """Nearly always `value`."""
    # Not the first or the last number, which come more often.
    return st.integers(0, 29).flatmap(lambda number: odd if number == 17 else value)


MESSAGES = st.fixed_dictionaries(
    {"role": some(st.just("assistant")), "content": some(st.just("Hello"))},
)
ODD_MESSAGES = st.fixed_dictionaries(
    {"role": st.just("assistant"), "content": ODD},
    optional={"tool_calls": st.just([]), "finishReason": ODD},
)
FINISH_REASONS = ["stop", "length", "tool_calls", "content_filter", "function_call", "MAX_TOKENS"]
CHOICES = st.fixed_dictionaries(
    {
        "finish_reason": some(st.sampled_from(FINISH_REASONS)),
        "index": some(st.integers(0, 2)),
        "message": some(MESSAGES, ODD | ODD_MESSAGES),
    }
)
COUNTS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("completion_tokens", "prompt_tokens", "total_tokens"), some(st.integers(0, 9))
    ),
)
COMPLETIONS = st.fixed_dictionaries(
    {
        "choices": some(st.lists(some(CHOICES), max_size=2)),
        "created": some(st.integers(0, 9), st.just("5") | ODD),
        "id": some(st.just("x")),
        "model": some(st.just("gemini-2.5-flash")),
        "object": some(st.just("chat.completion")),
    },
    optional={"usage": some(COUNTS), "system_fingerprint": some(st.just(""))},
)
SWITCHES = st.lists(st.sampled_from(get_args(RepairName)), max_size=2)


def check_completion(value: Any, off: Iterable[str] = (), backend: Any = "developer") -> bool:
    """Whether a completion took the short way; if it did, that is no other than the long one."""
    chosen = make_settings(repairs=dict.fromkeys(off, False), backend=backend)
    applied: set[RepairName] = set()
    short = ordinary_completion(copy.deepcopy(value), chosen, applied)
    if short is None:
        return False
    context = answer_context({}, chosen, seed="seed")
    assert short == adapt_completion(value, context)
    assert applied == context.applied
    refuse_no_completion(value)
    translation = Translator(chosen).translate("/chat/completions", None)
    assert translation.read(json.dumps(value).encode(), 0) == short
    return True


@settings(max_examples=500)
@given(COMPLETIONS, SWITCHES, st.sampled_from(["developer", "vertex"]))
def test_an_ordinary_completion_is_read_as_any_other(
    value: Any, off: list[str], backend: str
) -> None:
    check_completion(value, off, backend)


@settings(max_examples=300)
@given(st.integers(0, 10**9))
def test_a_recorded_body_with_places_changed_is_read_as_any_other(seed: int) -> None:
    check_completion(odd_value(Random(seed)))


def test_what_gemini_sends_as_text_is_ordinary() -> None:
    choice = {
        "finish_reason": "stop",
        "index": 0,
        "message": {"content": "Hello World", "role": "assistant"},
    }
    usage = {"completion_tokens": 2, "prompt_tokens": 4, "total_tokens": 60}
    value = {"choices": [choice], "created": 1, "id": "x", "model": "m", "usage": usage}
    assert check_completion({**value, "object": "chat.completion"})


# --- embeddings ----------------------------------------------------------------------------------

FLOATS = st.lists(some(st.floats(-1, 1) | st.integers(0, 1)), max_size=3)
ITEMS = st.fixed_dictionaries(
    {"embedding": some(FLOATS)},
    optional={
        "index": some(st.integers(0, 2)),
        "object": some(st.just("embedding")),
        '"embedding': st.just([1.0]),
        "note": st.just('"embedding": [1]'),
    },
)
EMBEDDINGS = st.fixed_dictionaries(
    {"data": some(st.lists(ITEMS, max_size=3)), "object": some(st.just("list"))},
    optional={"usage": ODD, "model": some(st.just("m")), "error": ODD, "embedding": FLOATS},
)


def parsed(data: bytes, body: dict[str, Any]) -> Any:
    request = httpx.Request("POST", "https://example.com/")
    response = httpx.Response(200, content=data, request=request)
    translation = Translator().translate("/embeddings", body, method="post")
    try:
        made = answers.parse(CreateEmbeddingResponse, response, translation)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the same
        return type(error), str(error)
    return made.to_dict(warnings=False), made.model_fields_set, [type(item) for item in made.data]


@settings(max_examples=500)
@given(EMBEDDINGS, st.sampled_from([None, 2]), st.sampled_from(["a", ["a"], ["a", "b"]]))
def test_vectors_are_read_once_and_as_ever(value: Any, indent: int | None, texts: Any) -> None:
    data = json.dumps(value, indent=indent).encode()
    body = {"model": "gemini-embedding-001", "input": texts}
    short = parsed(data, body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "gemini_openai.dialect.translation.endpoints.vectors_apart", lambda data: None
        )
        assert repr(parsed(data, body)) == repr(short)


def test_the_vectors_that_gemini_sends_are_read_once() -> None:
    items = [{"embedding": [0.5, -1e-3, i], "object": "embedding"} for i in range(3)]
    data = json.dumps({"data": items, "object": "list", "model": "m"}, indent=1).encode()
    apart = vectors_apart(data)
    assert apart is not None
    assert apart.vectors == [[0.5, -1e-3, float(i)] for i in range(3)]
    assert {type(number) for vector in apart.vectors for number in vector} == {float}


@pytest.mark.parametrize(
    "data",
    [
        b'{"object": "list", "data": [{"embedding": [1, 2}]}',
        b'{"object": "list", "data": [{"embedding": [1, [2]]}]}',
        b'{"object": "list", "data": [{"embedding": [1], "embedding": [2]}]}',
        b'{"object": "list", "data": [{"embedding": [1]}], "error": {"code": 500}}',
        b'{"object": "list", "data": [{"embedding": "AAAA"}]}',
        b'{"object": "list", "data": [{"\\"embedding": [1]}, {"embedding": [2]}]}',
        b'[{"object": "list"}]',
        b"",
    ],
)
def test_odd_vectors_take_the_long_way(data: bytes) -> None:
    assert vectors_apart(data) is None


# --- what is held at once ------------------------------------------------------------------------


def held_at_once(make: Callable[[], object]) -> tuple[int, int]:
    """The bytes that Python held at most while something was made, and those it held then."""
    make()  # what is made once is no part of it
    tracemalloc.start()
    try:
        made = make()
        kept, most = tracemalloc.get_traced_memory()
        del made
        return most, kept
    finally:
        tracemalloc.stop()


def test_of_a_picture_there_is_one_copy_more_when_it_is_sent() -> None:
    picture = "data:image/png;base64," + "iVBORw0KGgo" * 200_000
    part = {"type": "image_url", "image_url": {"url": picture}}
    body = {"messages": [{"role": "user", "content": [part]}], "model": "gemini-2.5-flash"}
    translate = partial(Translator().translate, "/chat/completions", method="post")
    most, _ = held_at_once(lambda: encode_json(translate(plain_json(body)).body))
    assert most < 1.1 * len(picture)


def test_of_vectors_there_is_no_second_list_while_they_are_read() -> None:
    items = [
        {"embedding": [i / 7 + n for n in range(1000)], "object": "embedding"} for i in range(20)
    ]
    data = json.dumps({"data": items, "object": "list", "model": "m"}).encode()
    body = {"model": "gemini-embedding-001", "input": ["a"] * 20}
    response = httpx.Response(200, content=data, request=httpx.Request("POST", "https://a.com/"))
    translation = Translator().translate("/embeddings", body, method="post")
    most, kept = held_at_once(lambda: answers.parse(CreateEmbeddingResponse, response, translation))
    assert most < 1.1 * kept
