"""Scripted answers and faults, what became of requests, and the life of the server."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from emulator.wire_reading import shape

from gemini_openai.emulator import Answer, Drop, Emulator, Reply, Sse, Stall, faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from gemini_openai.emulator import Received
    from gemini_openai.emulator.state.script import Script

    Ask = Callable[..., httpx.Response]


# --- requests ---


def test_a_request_is_kept_as_it_came(http: httpx.Client, emulator: Emulator) -> None:
    http.post("a%2Fb/c?x=1&x=2&y=", content=b'{"k": "v"}', headers={"X-Custom-Header": "Value"})
    (request,) = emulator.requests
    assert (request.method, request.path) == ("POST", "/v1beta/openai/a/b/c")
    assert request.raw_path == "/v1beta/openai/a%2Fb/c"
    assert request.query == {"x": ["1", "2"], "y": [""]}
    assert request.headers["x-custom-header"] == request.headers["X-CUSTOM-HEADER"] == "Value"
    assert request.body == b'{"k": "v"}'
    assert request.json == {"k": "v"}
    assert "any-key" not in repr(request) + repr(request.headers)


def test_reset_forgets_requests_and_answers(ask: Ask, emulator: Emulator) -> None:
    ask()
    emulator.script(Reply())
    emulator.reset()
    assert emulator.requests == []
    assert emulator.unused == []


def test_only_the_last_requests_are_kept_when_told_so(web: httpx.Client) -> None:
    with Emulator(keep=2) as emulator:
        for path in "abc":
            web.get(emulator.base_url + path)
        assert [request.path[-1] for request in emulator.requests] == ["b", "c"]


# --- the script ---


def test_answers_are_used_in_order_and_then_the_rules(ask: Ask, emulator: Emulator) -> None:
    emulator.script(Reply(json={"n": 1}), Reply(text="two"), Reply(body=b"\x00", status=418))
    assert ask().json() == {"n": 1}
    second = ask()
    assert (second.text, second.headers["content-type"]) == ("two", "text/plain; charset=UTF-8")
    third = ask()
    assert (third.status_code, third.content) == (418, b"\x00")
    assert ask().json()["object"] == "chat.completion"
    assert emulator.unused == []


def test_an_answer_waits_for_the_request_it_is_for(
    ask: Ask, http: httpx.Client, emulator: Emulator
) -> None:
    for_models = Reply(json="models")
    for_ada = Reply(json="ada")
    emulator.script(for_models, path="/models")
    emulator.script(for_ada, when=lambda request: b"Ada" in request.body)
    assert ask("Hello").json()["object"] == "chat.completion"
    assert emulator.unused == [for_models, for_ada]
    assert ask("Hello Ada").json() == "ada"
    assert http.get("models").json() == "models"


def test_a_function_makes_the_answer_from_the_request(ask: Ask, emulator: Emulator) -> None:
    def echo(request: Received) -> Answer:
        return Answer(f"model {request.json['model']}")

    emulator.script(echo)
    assert ask().json()["choices"][0]["message"]["content"] == "model gemini-2.5-flash"


def test_headers_of_a_reply_replace_and_join_the_usual_ones(ask: Ask, emulator: Emulator) -> None:
    emulator.script(Reply(headers={"Server": "mine", "Retry-After": "3", "content-type": "x/y"}))
    headers = ask().headers
    assert headers.get_list("server") == ["mine"]
    assert headers.get_list("content-type") == ["x/y"]
    assert headers["retry-after"] == "3"
    assert headers["x-frame-options"] == "SAMEORIGIN"


def test_only_scripted_answers_are_given_when_told_so(web: httpx.Client) -> None:
    with Emulator(only_scripted=True) as emulator:
        emulator.script(Reply(json=1), path="/models")
        headers = {"Authorization": "Bearer k"}
        assert web.get(emulator.base_url + "models", headers=headers).json() == 1
        again = web.get(emulator.base_url + "models", headers=headers)
        assert again.status_code == 400
        assert "no scripted answer for GET /v1beta/openai/models" in again.text


# --- streams ---


def chunks_of(web: httpx.Client, emulator: Emulator, script: Script) -> list[bytes]:
    emulator.script(script)
    with web.stream("POST", emulator.base_url + "chat/completions", timeout=5) as response:
        return [*response.iter_raw()]


def test_a_piece_is_a_chunk_whatever_it_holds(web: httpx.Client, emulator: Emulator) -> None:
    pieces = ["data: né\n\n", "né".encode()[:2], b"\xa9\n\n", {"a": 1}]
    assert chunks_of(web, emulator, Sse(pieces, done=False)) == [
        "data: né\n\n".encode(),
        b"n\xc3",
        b"\xa9\n\n",
        b'data: {"a":1}\n\n',
    ]
    assert chunks_of(web, emulator, Sse(pieces, done=False, pace=0.001)) == chunks_of(
        web, emulator, Sse(pieces, done=False)
    )


def test_done_is_added_where_it_is_due(web: httpx.Client, emulator: Emulator) -> None:
    done = b"data: [DONE]\n\n"
    assert chunks_of(web, emulator, Sse([{}]))[-1] == done
    assert chunks_of(web, emulator, Sse(b"data: {}\n\n" + done)) == [b"data: {}\n\n" + done]
    assert chunks_of(web, emulator, Sse([{}], done=False)) == [b"data: {}\n\n"]


def test_many_chunks_arrive_whole_and_apart(web: httpx.Client, emulator: Emulator) -> None:
    pieces = [{"n": number, "fill": "x" * 100} for number in range(30_000)]
    got = chunks_of(web, emulator, Sse(pieces, done=False))
    assert len(got) >= len(pieces)  # httpx's buffer cuts some of them in two
    assert [json.loads(line[6:]) for line in b"".join(got).splitlines() if line] == pieces


def test_an_old_client_gets_the_pieces_without_chunks(emulator: Emulator) -> None:
    emulator.script(Sse([b"data: 1\n\n", b"data: 2\n\n"], done=False))
    with socket.create_connection(("127.0.0.1", emulator.port), timeout=5) as connection:
        connection.sendall(b"GET /x HTTP/1.0\r\n\r\n")
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert received.partition(b"\r\n\r\n")[2] == b"data: 1\n\ndata: 2\n\n"


@pytest.mark.parametrize(
    ("cut", "error"), [(True, httpx.RemoteProtocolError), ("reset", httpx.ReadError)]
)
def test_a_cut_stream_breaks_off_after_its_pieces(
    web: httpx.Client, emulator: Emulator, cut: Any, error: type[Exception]
) -> None:
    emulator.script(Sse([b"data: 1\n\n"], cut=cut))
    got: list[bytes] = []
    with (
        pytest.raises(error),
        web.stream("GET", emulator.base_url, timeout=5) as response,
    ):
        got.extend(response.iter_raw())
    assert cut == "reset" or got == [b"data: 1\n\n"]


@pytest.mark.parametrize(
    ("drop", "error"), [(Drop(), httpx.RemoteProtocolError), (Drop(reset=True), httpx.ReadError)]
)
def test_a_dropped_request_has_no_answer(
    web: httpx.Client, emulator: Emulator, drop: Drop, error: type[Exception]
) -> None:
    emulator.script(drop)
    with pytest.raises(error):
        web.get(emulator.base_url, timeout=5)
    assert emulator.requests[0].outcome.status is None


def test_a_stalled_request_times_out_and_the_leaving_is_seen(
    web: httpx.Client, emulator: Emulator
) -> None:
    emulator.script(Stall())
    with pytest.raises(httpx.ReadTimeout):
        web.get(emulator.base_url, timeout=0.05)
    emulator.wait_for(lambda: emulator.requests[0].disconnected)


def test_a_client_that_leaves_a_held_stream_is_seen(web: httpx.Client, emulator: Emulator) -> None:
    emulator.script(Sse([b"data: 1\n\n"], hold=True))
    with web.stream("GET", emulator.base_url, timeout=5) as response:
        pieces = response.iter_raw()
        assert next(pieces) == b"data: 1\n\n"
        assert not emulator.requests[0].disconnected
    emulator.wait_for(lambda: emulator.requests[0].disconnected)
    assert not emulator.requests[0].answered


def test_a_client_that_leaves_a_large_or_a_slow_stream_is_seen(
    web: httpx.Client, emulator: Emulator
) -> None:
    for sse in (Sse([b"x" * 50_000_000]), Sse([b"x", b"y"], pace=60)):
        emulator.reset()
        emulator.script(sse)
        with web.stream("GET", emulator.base_url, timeout=5) as response:
            next(response.iter_raw())
        emulator.wait_for(lambda: emulator.requests[0].disconnected)


def test_a_client_that_reads_to_the_end_did_not_leave(ask: Ask, emulator: Emulator) -> None:
    ask(stream=True)
    ask()
    assert [request.answered for request in emulator.requests] == [True, True]
    assert [request.disconnected for request in emulator.requests] == [False, False]


def test_waiting_in_vain_tells_what_happened(ask: Ask, emulator: Emulator) -> None:
    ask()
    with pytest.raises(TimeoutError, match=r"POST /v1beta/openai/chat/completions.*status=200"):
        emulator.wait_for(lambda: len(emulator.requests) == 2, timeout=0.01)


def test_waiting_ends_when_another_thread_asks(http: httpx.Client, emulator: Emulator) -> None:
    thread = threading.Thread(target=http.get, args=("models",))
    thread.start()
    emulator.wait_for(lambda: bool(emulator.requests))
    thread.join()


# --- faults ---


def test_the_minutes_quota_has_the_recorded_keys(
    ask: Ask, emulator: Emulator, recorded: Callable[[str], str]
) -> None:
    emulator.script(faults.quota_per_minute("48s"), faults.quota_per_day())
    minute = ask()
    theirs = json.loads(recorded("native_error_429_quota.json"))
    ((error,),) = [minute.json()]
    assert minute.status_code == 429
    assert shape(error) == shape(theirs)
    assert "retry-after" not in minute.headers
    details = {item["@type"].rpartition(".")[2]: item for item in error["error"]["details"]}
    assert details["RetryInfo"]["retryDelay"] == "48s"
    assert "PerMinute" in details["QuotaFailure"]["violations"][0]["quotaId"]
    assert error["error"]["message"].endswith("\nPlease retry in 48.0s.")
    assert "PerDay" in ask().text


def test_an_overload_is_the_recorded_one(
    ask: Ask, emulator: Emulator, recorded: Callable[[str], str]
) -> None:
    emulator.script(faults.overloaded())
    response = ask()
    assert response.status_code == 503
    assert response.json() == json.loads(recorded("error_503_overloaded_list.json"))


@pytest.mark.parametrize(
    ("fault", "status", "start"),
    [
        (faults.bad_key(), 400, "[{"),
        (faults.internal_error(), 500, "[{"),
        (faults.deadline_exceeded(), 504, "[{"),
        (faults.quota_without_details(), 429, "[{"),
        (faults.html_bad_gateway(), 502, "<!DOCTYPE html>"),
        (faults.html_not_found("/x"), 404, "<!DOCTYPE html>"),
        (faults.empty(), 200, ""),
        (faults.malformed_json(), 200, "{"),
    ],
)
def test_a_fault_is_what_it_says(
    ask: Ask, emulator: Emulator, fault: Reply, status: int, start: str
) -> None:
    emulator.script(fault)
    response = ask()
    assert response.status_code == status
    assert response.text.startswith(start)
    assert bool(response.text) == bool(start)


def test_an_error_in_a_stream_comes_after_the_pieces(web: httpx.Client, emulator: Emulator) -> None:
    as_event = chunks_of(web, emulator, faults.error_in_stream({"n": 1}))
    assert [json.loads(chunk[6:]) for chunk in as_event][1]["error"]["code"] == 503
    bare = chunks_of(web, emulator, faults.error_in_stream({"n": 1}, as_event=False))
    assert json.loads(bare[1])["error"]["status"] == "UNAVAILABLE"


# --- life ---


def test_it_stops_at_once_with_streams_open_and_can_start_again(web: httpx.Client) -> None:
    emulator = Emulator()
    for _ in range(2):
        with emulator, httpx.Client(base_url=emulator.base_url, verify=False, timeout=5) as client:
            emulator.script(Sse([b"data: 1\n\n"], hold=True), Stall(), Sse([b"1", b"2"], pace=60))
            held = client.stream("GET", "a")
            held_pieces = held.__enter__().iter_raw()
            assert next(held_pieces) == b"data: 1\n\n"
            stalled = threading.Thread(target=_ignoring_errors, args=(web, emulator.base_url))
            stalled.start()
            emulator.wait_for(lambda: len(emulator.requests) == 2)
            slow = client.stream("GET", "c")
            slow_pieces = slow.__enter__().iter_raw()
            assert next(slow_pieces) == b"1"
            began = time.perf_counter()
            emulator.stop()
            assert time.perf_counter() - began < 0.3
            stalled.join()
            held.__exit__(None, None, None)
            slow.__exit__(None, None, None)
            assert not any(request.disconnected for request in emulator.requests)
        emulator.reset()


def _ignoring_errors(web: httpx.Client, url: str) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        web.get(url + "b", timeout=5)


def test_several_run_side_by_side(web: httpx.Client) -> None:
    with Emulator() as one, Emulator() as two:
        assert one.base_url != two.base_url
        one.script(Reply(json=1))
        two.script(Reply(json=2))
        assert web.get(two.base_url).json() == 2
        assert web.get(one.base_url).json() == 1


def test_starting_twice_and_a_taken_port_are_errors() -> None:
    with Emulator() as emulator:
        with pytest.raises(RuntimeError, match="already running, at http://127"):
            emulator.start()
        with pytest.raises(OSError, match="in use"):
            Emulator(port=emulator.port).start()
    emulator.stop()


def test_a_kept_connection_is_not_slowed_down_by_nagles_algorithm(http: httpx.Client) -> None:
    began = time.perf_counter()
    for _ in range(20):
        http.get("models/gemini-2.5-flash")
    assert time.perf_counter() - began < 0.6  # 20 delayed acknowledgements are 0.8 s and more


def test_it_answers_many_clients_at_once(emulator: Emulator) -> None:
    async def main() -> set[str]:
        async with httpx.AsyncClient(
            base_url=emulator.base_url,
            headers={"Authorization": "Bearer k"},
            verify=False,
            timeout=10,
        ) as client:
            body = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hi"}]}
            posts = [client.post("chat/completions", json=body) for _ in range(40)]
            return {answer.json()["id"] for answer in await asyncio.gather(*posts)}

    assert len(asyncio.run(main())) == 40
    assert len(emulator.requests) == 40
