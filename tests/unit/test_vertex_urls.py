"""Vertex AI's URLs: three shapes of host, what is completed, what is refused."""

from __future__ import annotations

import pytest

from gemini_openai._google.vertex.urls import (
    VertexOptions,
    is_self_deployed,
    is_vertex_url,
    key_headers,
)
from gemini_openai.dialect.routes.vertex_routes import googles_models_url


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("global", "aiplatform.googleapis.com"),
        ("us", "aiplatform.us.rep.googleapis.com"),
        ("eu", "aiplatform.eu.rep.googleapis.com"),
        ("us-central1", "us-central1-aiplatform.googleapis.com"),
        ("europe-west4", "europe-west4-aiplatform.googleapis.com"),
    ],
)
def test_each_kind_of_location_has_its_host(location: str, host: str) -> None:
    expected = f"https://{host}/v1/projects/p-1/locations/{location}/endpoints/openapi/"
    assert VertexOptions("p-1", location).base_url == expected


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("global", "aiplatform.example.cloud"),
        ("eu", "aiplatform.eu.rep.example.cloud"),
        ("u-france1", "u-france1-aiplatform.example.cloud"),
    ],
)
def test_another_universe_is_another_domain(location: str, host: str) -> None:
    place = VertexOptions("p", location, universe_domain="example.cloud")
    assert place.base_url.startswith(f"https://{host}/v1/projects/p/")


def test_a_self_deployed_model_has_its_own_endpoint() -> None:
    assert VertexOptions("p", "us-central1", endpoint_id="123").base_url == (
        "https://us-central1-aiplatform.googleapis.com"
        "/v1/projects/p/locations/us-central1/endpoints/123/"
    )


def test_a_dedicated_endpoint_has_its_own_host() -> None:
    assert VertexOptions(
        "p",
        "us-central1",
        endpoint_id="123",
        dedicated_host="123.us-central1-42.prediction.vertexai.goog",
    ).base_url == (
        "https://123.us-central1-42.prediction.vertexai.goog"
        "/v1/projects/p/locations/us-central1/endpoints/123/"
    )


@pytest.mark.parametrize("project", ["my-project-1", "example.com:old", "123456", "under_score"])
def test_projects_of_every_age_are_taken(project: str) -> None:
    assert f"/projects/{project}/" in VertexOptions(project).base_url


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"project": ""}, "gcloud projects list"),
        ({"project": "My Project"}, "a name is not an id"),
        ({"project": "projects/p"}, "the id alone"),
        ({"project": "p/../../admin"}, "the id alone"),
        ({"project": "p?x"}, "project must be"),
        ({"location": ""}, "location must be"),
        ({"location": "Global"}, "lower case"),
        ({"location": "evil.example/"}, "location must be"),
        ({"location": "us-central1-a"}, "is a zone; its region is 'us-central1'"),
        ({"endpoint_id": "projects/p/endpoints/1"}, "last part"),
        ({"dedicated_host": "1.prediction.vertexai.goog"}, "give its number as endpoint_id"),
        ({"endpoint_id": "1", "dedicated_host": "https://x.y"}, "without https://"),
        ({"universe_domain": "evil.example/x"}, "universe_domain must be a host name"),
    ],
)
def test_what_cannot_be_is_refused_in_words(arguments: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        _ = VertexOptions(**{"project": "p", **arguments}).base_url


WHOLE = "https://gw.example/v1/projects/p/locations/eu/endpoints/openapi/"


@pytest.mark.parametrize(
    ("given", "root", "completed"),
    [
        ("https://gw.example", False, WHOLE),
        ("https://gw.example/", False, WHOLE),
        ("https://gw.example/v1", False, WHOLE),
        ("https://gw.example/v1beta1/", False, WHOLE.replace("/v1/", "/v1beta1/")),
        ("https://gw.example/google", True, WHOLE.replace("example/", "example/google/")),
        ("https://gw.example/google/v1", False, WHOLE.replace("example/", "example/google/")),
        ("https://gw.example/google", False, "https://gw.example/google/"),
        (WHOLE, False, WHOLE),
        (WHOLE, True, WHOLE),
        (f"{WHOLE}chat/completions", False, WHOLE),
        (f"{WHOLE}chat/completions?key=AIza", False, WHOLE),
        (WHOLE.replace("openapi", "77").rstrip("/"), True, WHOLE.replace("openapi", "77")),
        (
            "https://gw.example/v1/projects/q/locations/us/publishers",
            True,
            "https://gw.example/v1/projects/q/locations/us/publishers/",
        ),
    ],
)
def test_a_given_url_is_completed_where_it_names_no_project(
    given: str, root: bool, completed: str
) -> None:
    assert VertexOptions("p", "eu", server=given, server_is_root=root).base_url == completed


def test_completing_takes_a_project() -> None:
    with pytest.raises(ValueError, match="names no project"):
        _ = VertexOptions(None, "eu", server="https://gw.example").base_url
    assert VertexOptions(None, "us", server=WHOLE).base_url == WHOLE


@pytest.mark.parametrize(
    ("base", "catalogue"),
    [
        (
            VertexOptions("p", "eu").base_url,
            "https://aiplatform.eu.rep.googleapis.com/v1beta1/publishers/google/models",
        ),
        (
            "http://127.0.0.1:1/google/v1/projects/p/locations/eu/endpoints/openapi/",
            "http://127.0.0.1:1/google/v1beta1/publishers/google/models",
        ),
    ],
)
def test_the_catalogue_is_on_the_same_host(base: str, catalogue: str) -> None:
    assert googles_models_url(base) == catalogue


@pytest.mark.parametrize("key", ["AIzaSyA", "AQ.Ab8"])
def test_an_api_key_is_no_bearer_token(key: str) -> None:
    assert key_headers(key) == {"x-goog-api-key": key}
    assert key_headers("ya29.token") == {"authorization": "Bearer ya29.token"}


OPENAPI = "projects/p/locations/us-central1/endpoints/openapi"


@pytest.mark.parametrize(
    "url",
    [
        f"https://us-central1-aiplatform.googleapis.com/v1/{OPENAPI}",
        f"https://aiplatform.googleapis.com/v1beta1/{OPENAPI}/",
        f"https://aiplatform.eu.rep.googleapis.com/v1/{OPENAPI}",
        "https://AIplatform.US.rep.googleapis.com/v1",
        "https://europe-west4-aiplatform.googleapis.com",
        "https://7.us-central1-45.prediction.vertexai.goog/v1",
        f"http://127.0.0.1:8080/v1/{OPENAPI}",
        f"https://gateway.example/team/google/v1beta1/{OPENAPI}/chat/completions",
        "https://gateway.example/v1/projects/example.com:p/locations/eu/endpoints/123",
    ],
)
def test_a_url_is_vertex_ais_by_its_host_or_its_path(url: str) -> None:
    assert is_vertex_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://generativelanguage.googleapis.com/v1beta/openai/",
        "https://api.openai.com/v1/",
        "https://aiplatform.googleapis.com.example/v1",
        "https://notaiplatform.googleapis.com/v1",
        "https://prediction.vertexai.goog.example/v1",
        "https://gateway.example/vertex/v1",
        "https://gateway.example/v1/projects/p/locations/eu/publishers/google",
        "https://gateway.example/v1/projects/p/locations/eu/endpoints/",
        f"https://gateway.example/v1?next=/{OPENAPI}",
    ],
)
def test_a_url_that_only_looks_like_it_is_not(url: str) -> None:
    assert not is_vertex_url(url)


@pytest.mark.parametrize(
    ("url", "deployed"),
    [
        (f"https://us-central1-aiplatform.googleapis.com/v1/{OPENAPI}", False),
        (f"https://h.example/v1/{OPENAPI}/", False),
        ("https://aiplatform.googleapis.com/v1", False),
        ("https://h.example/v1/projects/p/locations/eu/endpoints/openapi-of-mine", True),
        ("https://h.example/v1/projects/p/locations/eu/endpoints/123/", True),
        ("https://7.us-central1-45.prediction.vertexai.goog/v1", True),
    ],
)
def test_any_endpoint_but_googles_own_is_of_a_self_deployed_model(url: str, deployed: bool) -> None:
    assert is_self_deployed(url) is deployed
