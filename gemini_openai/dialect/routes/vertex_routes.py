"""Say what Vertex AI has at a path of OpenAI's: another place, the same, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from ..._primitives.json_types import is_array, is_object
from ..._primitives.patterns import late_pattern
from ..model_table import facts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

ABSENT_ON_VERTEX: Mapping[str, str] = {
    "/files/": "Put files into Cloud Storage and name them in messages as gs:// URLs.",
    "/batches/": "Vertex runs batches as batchPredictionJobs on Cloud Storage: see google-genai.",
    "/images/": "Ask an image model through chat, with modalities=['text', 'image'].",
    "/videos/": "Veo on Vertex is google-genai's models.generate_videos.",
    "/audio/": "Send audio in messages (input_audio), or ask for it with modalities=['audio'].",
}
"""What `endpoints/openapi` does not serve (it answers 404 with a web page), and what to do."""

_EMBEDDINGS = (
    "Of embedding models it serves open ones only, such as intfloat/multilingual-e5-large-"
    "instruct-maas. For Gemini's use the Developer API (a client without vertexai) or google-genai."
)
_CATALOGUE_VERSION = "v1beta1"  # the listing of models is 404 under v1
_PARENT = late_pattern(r"(?P<root>.*?)/(?P<version>v[0-9][^/]*)/projects/[^/]+/locations/[^/]+")
_MISSING = late_pattern(
    r"Publisher Model `projects/[^/]+/locations/(?P<location>[^/]+)/.*/models/(?P<model>[^`]+)`"
)
_MODEL = "It has no page for one model; models.list() gives the catalogue."


def absent_on_vertex(path: str, body: object, *, self_deployed: bool = False) -> str | None:
    """Why a request to `path` cannot be answered on Vertex, and what to do instead; else None.

    Which of OpenAI's routes a `self_deployed` model embeds by is for its own server to say.
    """
    for prefix, advice in ABSENT_ON_VERTEX.items():
        if f"{path}/".startswith(prefix):
            return advice
    if path.startswith("/models/"):
        return _MODEL
    if path == "/embeddings" and is_object(body) and not self_deployed:
        model = str(body.get("model", "")).removeprefix("models/")
        if "/" not in model or model.startswith("google/"):
            return _EMBEDDINGS
    return None


def catalogue_request(base_url: str, project: str | None) -> tuple[str, dict[str, str]]:
    """Where `models.list()` asks, and the header without which a person's credentials get 403."""
    project = project_of(base_url) or project
    return googles_models_url(base_url), {"x-goog-user-project": project} if project else {}


def project_of(url: str) -> str | None:
    """The project in the path of a URL."""
    _, found, rest = urlsplit(url).path.partition("/projects/")
    return rest.partition("/")[0] if found else None


def googles_models_url(base_url: str) -> str:
    """Where Google's models are listed, on the host of `base_url`; pages by `pageToken`.

    `endpoints/openapi/models` is 404. With a person's credentials the listing wants
    `x-goog-user-project`, else it is 403. It names models that the location does not serve.
    """
    parts = urlsplit(base_url)
    parent = _PARENT.match(parts.path)
    root = parent["root"] if parent else ""
    path = f"{root}/{_CATALOGUE_VERSION}/publishers/google/models"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def remark_on_missing(message: str) -> str | None:
    """What may help with Google's refusal of a model that the catalogue has."""
    found = _MISSING.match(message)
    if not found or found["location"] == "global":
        return None
    locations = facts_of(found["model"]).vertex_locations
    where = (
        f"{found['model']} is served in {', '.join(locations)} only"
        if locations
        else "A location serves some of the models in the catalogue only, and the newest are in few"
    )
    return f"{where}: try client.with_options(location='global')"


def read_catalogue(value: dict[str, Any]) -> dict[str, Any]:
    """`{publisherModels, nextPageToken}` as OpenAI's list; ids as chat takes them."""
    listed = value.get("publisherModels")
    rows = [row for row in listed if is_object(row)] if is_array(listed) else []
    page: dict[str, Any] = {
        "object": "list",
        "data": [
            {
                **row,
                "id": str(row.get("name", "")).rpartition("/")[2],
                "created": 0,
                "object": "model",
                "owned_by": "google",
            }
            for row in rows
        ],
    }
    if token := value.get("nextPageToken"):
        page["next_page_token"] = token
    return page
