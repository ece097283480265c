"""Whether a client is for Vertex AI, and where there: arguments before the environment."""

from __future__ import annotations

import ast
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from gemini_openai import OpenAIError
from gemini_openai._google.vertex.options import VertexArguments, resolve_vertex, uses_vertex

if TYPE_CHECKING:
    from collections.abc import Callable

    from gemini_openai._google.vertex.urls import VertexOptions

SET = {"GOOGLE_CLOUD_PROJECT": "of-env", "GOOGLE_CLOUD_LOCATION": "us-central1"}


def resolve(
    vertexai: bool | None = True,
    project: str | None = None,
    *,
    environ: dict[str, str] | None = None,
    api_key: object | None = None,
    base_url: str | None = None,
    find_project: Callable[[], str | None] = lambda: None,
    **more: Any,
) -> VertexOptions | None:
    given, environ = VertexArguments(**more), environ or {}
    if not uses_vertex(vertexai, given, environ):
        return None
    return resolve_vertex(
        project, given, environ, api_key=api_key, base_url=base_url, find_project=find_project
    )


def url(**given: Any) -> str:
    options = resolve(**given)
    assert options is not None
    return options.base_url


@pytest.mark.parametrize(
    ("said", "environ", "uses"),
    [
        (None, {}, False),
        (True, {}, True),
        (None, {"GOOGLE_GENAI_USE_VERTEXAI": "true"}, True),
        (None, {"GOOGLE_GENAI_USE_VERTEXAI": "True"}, True),
        (None, {"GOOGLE_GENAI_USE_VERTEXAI": "1"}, True),
        (None, {"GOOGLE_GENAI_USE_VERTEXAI": "0"}, False),
        (None, {"GOOGLE_GENAI_USE_VERTEXAI": "yes"}, False),  # as in google-genai
        (None, {"GOOGLE_GENAI_USE_ENTERPRISE": "true"}, True),
        (
            None,
            {"GOOGLE_GENAI_USE_ENTERPRISE": "false", "GOOGLE_GENAI_USE_VERTEXAI": "true"},
            False,
        ),
        (False, {"GOOGLE_GENAI_USE_VERTEXAI": "true"}, False),
    ],
)
def test_what_is_said_wins_over_the_environment(
    said: bool | None, environ: dict[str, str], uses: bool
) -> None:
    assert uses_vertex(said, VertexArguments(), environ) is uses
    assert (resolve(said, "p", environ=environ) is not None) is uses


def test_a_client_that_is_not_for_vertex_ignores_openais_project() -> None:
    assert resolve(None, "proj_of_openai", environ=SET) is None


@pytest.mark.parametrize("name", ["credentials", "location", "endpoint_id", "dedicated_host"])
def test_what_is_for_vertex_only_is_refused_without_it(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} can be used with Vertex AI only"):
        resolve(None, **{name: "x"})


def test_project_and_location_come_from_the_environment() -> None:
    assert url(environ=SET) == (
        "https://us-central1-aiplatform.googleapis.com"
        "/v1/projects/of-env/locations/us-central1/endpoints/openapi/"
    )


def test_arguments_win_over_the_environment() -> None:
    assert url(project="p", location="eu", environ=SET) == (
        "https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu/endpoints/openapi/"
    )


def test_the_default_location_is_global() -> None:
    assert url(project="p").startswith("https://aiplatform.googleapis.com/v1/projects/p/locations/")
    assert "/locations/global/" in url(project="p", environ={"GOOGLE_CLOUD_LOCATION": " "})


def test_another_location_is_a_copy_with_another_host() -> None:
    options = resolve(project="p")
    assert options is not None
    assert options._replace(location="eu").base_url == url(project="p", location="eu")


def test_the_universe_comes_from_the_environment() -> None:
    environ = {"GOOGLE_CLOUD_UNIVERSE_DOMAIN": "example.cloud"}
    assert "//aiplatform.example.cloud/" in url(project="p", environ=environ)
    assert "//aiplatform.o.cloud/" in url(project="p", environ=environ, universe_domain="o.cloud")


def test_endpoints_of_ones_own_are_passed_on() -> None:
    assert url(project="p", endpoint_id="7", dedicated_host="7.x.goog").startswith(
        "https://7.x.goog/v1/projects/p/locations/global/endpoints/7/"
    )


def test_a_given_server_wins_over_that_of_the_environment() -> None:
    environ = {"GOOGLE_VERTEX_BASE_URL": "https://of-env.example/gate"}
    path = "/v1/projects/p/locations/global/endpoints/openapi/"
    assert url(project="p", environ=environ) == f"https://of-env.example/gate{path}"
    assert url(project="p", environ=environ, base_url="https://x.y") == f"https://x.y{path}"


def test_a_whole_url_needs_no_project() -> None:
    whole = "https://x.y/v1/projects/p/locations/eu/endpoints/openapi/"
    assert url(base_url=whole) == whole
    assert url(environ={"GOOGLE_VERTEX_BASE_URL": whole}) == whole


def test_a_missing_project_is_looked_for_in_the_credentials_last() -> None:
    asked: list[int] = []

    def find() -> str:
        asked.append(1)
        return "of-credentials"

    assert "/projects/p/" in url(project="p", find_project=find)
    assert "/projects/of-env/" in url(environ=SET, find_project=find)
    assert asked == []
    assert "/projects/of-credentials/" in url(find_project=find)


def test_no_project_anywhere_says_where_it_was_looked_for() -> None:
    def broken() -> str:
        raise OpenAIError("no credentials at all")

    for find, words in (
        (lambda: None, "which name none"),
        (broken, "no credentials at all"),
    ):
        with pytest.raises(OpenAIError, match="No Google Cloud project") as caught:
            resolve(find_project=find)
        assert "GOOGLE_CLOUD_PROJECT" in str(caught.value)
        assert words in str(caught.value)


def test_with_a_key_the_credentials_are_not_asked() -> None:
    with pytest.raises(OpenAIError, match=r"in the environment\. Give project="):
        resolve(api_key=lambda: "ya29", find_project=lambda: "of-credentials")


def test_a_key_and_credentials_exclude_each_other() -> None:
    with pytest.raises(ValueError, match="not both"):
        resolve(project="p", api_key="AIza", credentials=object())


def test_keys_in_the_environment_are_not_read() -> None:
    environ = {**SET, "GOOGLE_API_KEY": "AIza"}
    assert resolve(environ=environ, credentials=object()) is not None


@pytest.mark.parametrize(
    "given", [{"project": "My Project"}, {"project": "p", "location": "us-central1-a"}]
)
def test_what_is_wrong_is_said_at_once(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="project|zone"):
        resolve(**given)


@pytest.mark.process
@pytest.mark.parametrize(
    ("program", "unwanted"),
    [
        (
            (
                "from gemini_openai._google.vertex import options\n"
                "assert not options.uses_vertex(None, options.VertexArguments(), {})"
            ),
            {"httpx", "pydantic", "google.auth"},
        ),
        (
            "from gemini_openai._google.vertex.refreshing import GoogleCredentials as G; G()",
            {"google.auth", "requests"},
        ),
    ],
    ids=["options", "credentials"],
)
def test_nothing_is_loaded_before_it_is_needed(program: str, unwanted: set[str]) -> None:
    program += "\nimport sys; print([*sys.modules])"
    command = [sys.executable, "-c", program]
    out = subprocess.run(command, capture_output=True, text=True, check=True)
    assert unwanted.isdisjoint(ast.literal_eval(out.stdout))
