"""The errors that a genuine client of `openai` raises on our transport, and what it tries again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import HELLO

from gemini_openai.emulator import Drop, Reply, Stall, faults

if TYPE_CHECKING:
    from transport.conftest import Genuine

    from gemini_openai.emulator import Emulator

KEY_ERROR = "API key not valid"


async def failed(genuine: Genuine, error: type[Exception], client: Any = None) -> Any:
    """The error of one call."""
    client = client or genuine.client()
    with pytest.raises(error) as caught:
        await genuine.result(client.chat.completions.create(**HELLO))
    return caught.value


async def test_a_bad_key_is_an_authentication_error(genuine: Genuine, emulator: Emulator) -> None:
    error = await failed(genuine, openai.AuthenticationError, genuine.client(api_key="bad-key"))
    assert (error.status_code, error.code) == (401, "invalid_api_key")
    assert KEY_ERROR in error.message
    assert "bad-key" not in str(error)
    assert len(emulator.requests) == 1


async def test_a_429_that_passes_is_waited_for_as_google_asks(
    genuine: Genuine, emulator: Emulator
) -> None:
    emulator.script(faults.quota_per_minute("0.01s"))
    answer = await genuine.result(genuine.client().chat.completions.create(**HELLO))
    assert answer.choices
    assert len(emulator.requests) == 2


async def test_how_long_google_asks_to_wait_is_in_the_headers(
    genuine: Genuine, emulator: Emulator
) -> None:
    emulator.script(faults.quota_per_minute("41s"))
    error = await failed(genuine, openai.RateLimitError, genuine.client(max_retries=0))
    assert (error.response.headers["retry-after"]) == "41"
    assert error.response.headers["retry-after-ms"] == "41000"
    assert "x-should-retry" not in error.response.headers
    assert error.body["details"]


async def test_a_429_that_does_not_pass_is_one_request(
    genuine: Genuine, emulator: Emulator
) -> None:
    emulator.script(faults.quota_per_day("0.01s"))
    error = await failed(genuine, openai.RateLimitError)
    assert error.code == "insufficient_quota"
    assert "the daily quota" in error.message
    assert error.response.headers["x-should-retry"] == "false"
    assert not {"retry-after", "retry-after-ms"} & {*error.response.headers}
    assert len(emulator.requests) == 1


async def test_a_wait_beyond_the_budget_is_not_begun(genuine: Genuine, emulator: Emulator) -> None:
    emulator.script(faults.quota_per_minute("41s"))
    error = await failed(genuine, openai.RateLimitError, genuine.client(retry_budget=5))
    assert "retry_budget=5" in error.message
    assert len(emulator.requests) == 1


async def test_what_the_server_says_of_retries_is_passed_on(
    genuine: Genuine, emulator: Emulator
) -> None:
    emulator.script(Reply(400, json=[], headers={"x-should-retry": "true", "retry-after": "0"}))
    answer = await genuine.result(genuine.client(max_retries=1).chat.completions.create(**HELLO))
    assert answer.choices
    assert len(emulator.requests) == 2


async def test_an_unknown_model_is_not_found_and_the_one_meant_is_named(
    genuine: Genuine, emulator: Emulator
) -> None:
    client = genuine.client()
    await genuine.collect(client.models.list())
    asked = {**HELLO, "model": "gemini-2.5-flsh"}
    with pytest.raises(openai.NotFoundError, match=r"Did you mean .*gemini-2\.5-flash"):
        await genuine.result(client.chat.completions.create(**asked))


async def test_what_would_be_refused_is_not_sent_and_tells_its_parameter(
    genuine: Genuine, emulator: Emulator
) -> None:
    client = genuine.client(unsupported="error")
    with pytest.raises(openai.BadRequestError, match="logit_bias") as caught:
        await genuine.result(client.chat.completions.create(**HELLO, logit_bias={"1": 2}))
    assert (caught.value.param, caught.value.code) == ("logit_bias", "unsupported_parameter")
    assert caught.value.response.headers["x-should-retry"] == "false"
    assert not emulator.requests


async def test_a_web_page_is_no_answer(genuine: Genuine, emulator: Emulator) -> None:
    page = "<html><head><title>Sign in</title></head></html>"
    emulator.script(Reply(text=page), Reply(text=page))
    error = await failed(genuine, openai.InternalServerError)
    assert error.status_code == 502
    assert "Sign in" in error.message
    with pytest.raises(openai.InternalServerError, match="Sign in"):
        await genuine.collect(genuine.client().models.list())
    assert len(emulator.requests) == 2


async def test_a_page_with_a_status_is_told_by_its_title(
    genuine: Genuine, emulator: Emulator
) -> None:
    emulator.script(faults.html_bad_gateway())
    error = await failed(genuine, openai.InternalServerError, genuine.client(max_retries=0))
    assert "web page" in error.message
    assert "<" not in error.message


async def test_an_error_in_an_answer_has_the_status_it_names(
    genuine: Genuine, emulator: Emulator
) -> None:
    body = [{"error": {"code": 403, "message": "Not here.", "status": "PERMISSION_DENIED"}}]
    emulator.script(Reply(json=body))
    error = await failed(genuine, openai.PermissionDeniedError)
    assert "Not here." in error.message


async def test_an_answer_that_is_too_large_is_not_read(
    genuine: Genuine, emulator: Emulator
) -> None:
    error = await failed(genuine, openai.InternalServerError, genuine.client(max_response_bytes=50))
    assert "max_response_bytes" in error.message
    assert len(emulator.requests) == 1


async def test_a_broken_connection_is_tried_again(genuine: Genuine, emulator: Emulator) -> None:
    emulator.script(Drop())
    answer = await genuine.result(genuine.client(max_retries=1).chat.completions.create(**HELLO))
    assert answer.choices
    emulator.script(Drop())
    await failed(genuine, openai.APIConnectionError, genuine.client(max_retries=0))


async def test_a_timeout_is_a_timeout(genuine: Genuine, emulator: Emulator) -> None:
    emulator.script(Stall())
    client = genuine.client(max_retries=0)
    await failed(
        genuine,
        openai.APITimeoutError,
        client.with_options(timeout=genuine.family.Timeout(10, read=0.05)),
    )


async def test_a_deadline_is_a_timeout(genuine: Genuine, emulator: Emulator) -> None:
    emulator.script(Stall())
    client = genuine.client(max_retries=0, deadline=1)
    error = await failed(genuine, openai.APITimeoutError, client)
    assert error.__cause__ is not None


async def test_nobody_listens(genuine: Genuine) -> None:
    client = genuine.client(base_url="http://127.0.0.1:9/v1beta/openai/", max_retries=0)
    error = await failed(genuine, openai.APIConnectionError, client)
    assert isinstance(error.__cause__, genuine.family.ConnectError)


async def test_a_closed_client_says_so(genuine: Genuine) -> None:
    client = genuine.client()
    await genuine.result(client.close())
    error = await failed(genuine, (RuntimeError, openai.APIConnectionError), client)  # type: ignore[arg-type]
    assert "closed" in f"{error} {error.__cause__}"


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda c: c.responses.create(model="m", input="Hi"), "Use chat.completions.create"),
        (lambda c: c.moderations.create(input="Hi"), "judge the text"),
        (lambda c: c.audio.speech.create(model="m", input="x", voice="alloy"), "google-genai"),
        (lambda c: c.fine_tuning.jobs.list(), "tuned on Vertex AI"),
        (lambda c: c.completions.create(model="m", prompt="x"), "messages"),
    ],
)
async def test_a_route_that_google_lacks_is_named_with_what_there_is(
    genuine: Genuine, act: Any, words: str
) -> None:
    async def use(value: Any) -> None:
        if genuine.is_async and hasattr(value, "__aiter__"):
            await genuine.collect(value)
        else:
            await genuine.result(value)

    with pytest.raises(openai.NotFoundError, match="does not offer") as caught:
        await use(act(genuine.client()))
    assert words in caught.value.message


async def test_a_route_that_nobody_knows_is_a_404_as_the_server_says_it(genuine: Genuine) -> None:
    with pytest.raises(openai.NotFoundError, match="web page"):
        await genuine.result(genuine.client().post("/no/such/route", cast_to=object, body={}))


async def test_a_wrong_base_url_is_not_taken_for_what_gemini_lacks(
    genuine: Genuine, emulator: Emulator
) -> None:
    client = genuine.client(base_url=f"{emulator.origin}/nothing/here")
    error = await failed(genuine, openai.NotFoundError, client)
    assert "is base_url right?" in error.message


async def test_uploads_are_refused_with_the_client_to_use(
    genuine: Genuine, emulator: Emulator
) -> None:
    client = genuine.client()
    with pytest.raises(openai.BadRequestError, match=r"gemini_openai\.OpenAI\(\)\.files\.create"):
        await genuine.result(client.files.create(file=b"{}", purpose="batch"))
    with pytest.raises(openai.BadRequestError, match="files"):
        await genuine.result(
            client.uploads.create(bytes=3, filename="x", mime_type="text/plain", purpose="batch")
        )
    assert not emulator.requests


async def test_an_upload_goes_to_a_server_that_takes_it_in_openais_way(genuine: Genuine) -> None:
    seen: list[Any] = []

    def answer(request: Any) -> Any:
        seen.append(request)
        body = {"id": "f", "object": "file", "bytes": 2, "created_at": 1, "filename": "x"}
        return genuine.family.Response(200, json={**body, "purpose": "batch", "status": "ok"})

    transport = genuine.family.MockTransport(answer)
    client = genuine.client(base_url="http://gateway.example/v1", transport=transport)
    made = await genuine.result(client.files.create(file=b"{}", purpose="batch"))
    assert made.id == "f"
    assert str(seen[0].url) == "http://gateway.example/v1/files"
    assert seen[0].headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="file"' in seen[0].content


async def test_batches_are_made_and_retrieved(genuine: Genuine, emulator: Emulator) -> None:
    row = b'{"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": {"model": '
    row += b'"gemini-2.5-flash", "messages": [{"role": "user", "content": "Hi"}]}}\n'
    emulator.add_file(row)
    (name,) = emulator.files
    client = genuine.client()
    batch = await genuine.result(
        client.batches.create(
            input_file_id=name, endpoint="/v1/chat/completions", completion_window="24h"
        )
    )
    for _ in range(4):
        batch = await genuine.result(client.batches.retrieve(batch.id))
    assert batch.status == "completed"
    content = await genuine.result(client.files.content(batch.output_file_id))
    assert b"You said: Hi" in content.content
