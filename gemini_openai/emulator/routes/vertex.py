"""Serve Vertex AI's routes: chat in its own dialect, open embedding models, the list of models.

`routes.tokens` has checked the token before. All other paths below an endpoint (`/models`,
`/files`, `/batches`, `/images`, `/responses`) get the 404 of the front end.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..answers import refusals
from ..answers.catalogue import Catalogue
from ..answers.completion import chosen, parsed, rendered
from ..answers.embeddings import answer_embeddings
from ..answers.vertex_wire import VertexWire, vertex_options
from ..http.errors import GoogleError
from ..http.json_values import mapping, string
from ..http.paging import google_list
from ..http.replies import Rendered, Reply
from .context import Context, native_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..answers.quirks import Quirks

OPENAPI = "openapi"
_MALFORMED = GoogleError(
    400, "Malformed publisher model name: expected format '<publisher>/<model>'"
)
_PUBLISHER_MODEL = re.compile(r"(?P<publisher>[a-z0-9-]+)/(?P<model>[A-Za-z0-9._@-]+)")
_FIELDS = refusals.CHAT_FIELDS | {"frequency_penalty"}
_DEPLOYED = "self-deployed"  # stands for every such model; it does not think
_SIZES = {"small": 384, "base": 768, "large": 1024}  # numbers in a vector of the E5 models
_FORMATS = {"text", "json_object", "json_schema"}
_TRAFFIC = {
    ("x-vertex-ai-llm-request-type", "dedicated"): "PROVISIONED_THROUGHPUT",
    ("x-vertex-ai-llm-shared-request-type", "priority"): "ON_DEMAND_PRIORITY",
    ("x-vertex-ai-llm-shared-request-type", "flex"): "ON_DEMAND_FLEX",
}


def chat(context: Context) -> Rendered:
    """`POST …/projects/{p}/locations/{l}/endpoints/{e}/chat/completions`."""
    given = context.body()
    if isinstance(given, GoogleError):
        return context.error(given)
    named = _model(context, string(given.get("model")))
    if isinstance(named, GoogleError):
        return context.error(named)
    body, quirks = _understood(given, named), _quirks(context.quirks, given)
    refusal = refusals.chat(body, quirks, Catalogue((named,)), vertex=True)
    if refusal is None and quirks.schemas_refused:
        refusal = refusals.response_schema(body)
    if refusal is not None:
        return context.error(refusal)
    traffic = [
        kind
        for (header, value), kind in _TRAFFIC.items()
        if context.request.headers.get(header) == value
    ]
    return rendered(
        VertexWire(
            body,
            chosen(body, quirks, context.answer),
            quirks,
            context.stamp(),
            model=string(given.get("model")),
            traffic_type=(traffic or ["ON_DEMAND"])[0],
        )
    )


def _understood(given: Mapping[str, Any], named: str) -> dict[str, Any]:
    """The fields of the body that Vertex reads; it ignores all others."""
    body = {n: value for n, value in parsed(given).items() if n in _FIELDS}
    body["model"] = named
    if body.get("tool_choice") == "validated":
        body["tool_choice"] = "auto"
    kind = mapping(body.get("response_format")).get("type")
    if kind not in _FORMATS:  # a media type, which Vertex passes to the model
        body.pop("response_format", None)
    return body


def _quirks(quirks: Quirks, given: Mapping[str, Any]) -> Quirks:
    fragments = bool(vertex_options(given).get("stream_function_call_arguments"))
    return replace(
        quirks,
        unknown_names_refused=False,
        tool_call_index_missing=False,
        tool_call_index_swapped=fragments,
        arguments_in_fragments=fragments,
        name_in_every_fragment=fragments,
        usage_in_every_chunk=True,
        thoughts_in_content=True,
        thinking_in_total_only=True,  # and beside `completion_tokens`: see VertexWire
    )


def _model(context: Context, name: str) -> str | GoogleError:
    """The model's name without its publisher; on a self-deployed endpoint any name will do.

    Retired models are served: Vertex AI keeps them longer, by dates of its own.
    """
    if context.path["endpoint"] != OPENAPI:
        return _DEPLOYED
    found = _PUBLISHER_MODEL.fullmatch(name)
    if found is None:
        return _MALFORMED
    model = found["model"].partition("@")[0]
    if found["publisher"] == "google" and not context.settings.models.serves(
        model, "generateContent"
    ):
        return _not_found(context, "google", model)
    return model


def _not_found(context: Context, publisher: str, model: str) -> GoogleError:
    place = f"projects/{context.path['project']}/locations/{context.path['location']}"
    return GoogleError(
        404,
        f"Publisher Model `{place}/publishers/{publisher}/models/{model}` was not found or your "
        "project does not have access to it. Please ensure you are using a valid model version. "
        "For more information, see: "
        "https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions",
        "NOT_FOUND",
    )


def embeddings(context: Context) -> Rendered:
    """`POST …/endpoints/openapi/embeddings`: open models (E5) only, none of Google's own."""
    given = context.body()
    if isinstance(given, GoogleError):
        return context.error(given)
    found = _PUBLISHER_MODEL.fullmatch(string(given.get("model")))
    if found is None:
        return context.error(_MALFORMED)
    if found["publisher"] == "google":
        return context.error(_not_found(context, "google", found["model"]))
    size = next((size for word, size in _SIZES.items() if word in found["model"]), 1024)
    quirks = replace(context.quirks, unknown_names_refused=False, embedding_usage_missing=False)
    body = answer_embeddings(
        {"dimensions": size, **given}, quirks, Catalogue((string(given.get("model")),))
    )
    return context.reply(body)


def publisher_models(context: Context) -> Rendered:
    """`GET /v1beta1/publishers/google/models`: all models, whichever a location serves."""
    ids = [id for id, _ in context.models.listed()]
    page = google_list("publisherModels", ids, _publisher_model, context.request.query, usual=20)
    return native_error(page) if isinstance(page, GoogleError) else Reply(json=page)


def _publisher_model(id: str) -> dict[str, Any]:
    return {
        "name": f"publishers/google/models/{id}",
        "versionId": "default",
        "launchStage": "PUBLIC_PREVIEW" if "preview" in id or "exp" in id else "GA",
        "publisherModelTemplate": "projects/{user-project}/locations/{location}/publishers/"
        f"google/models/{id}",
        "supportedActions": {},
    }
