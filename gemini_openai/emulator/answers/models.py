"""Describe models as the list and the retrieval show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..http.errors import GoogleError
from .catalogue import Catalogue, bare

if TYPE_CHECKING:
    from .quirks import Quirks


def model_object(id: str, display_name: str, quirks: Quirks) -> dict[str, Any]:
    """One model as the list and the retrieval show it."""
    out: dict[str, Any] = {
        "id": f"models/{id}" if quirks.model_ids_prefixed else id,
        "object": "model",
        "owned_by": "google",
        "display_name": display_name,
    }
    return out if quirks.model_created_missing else {**out, "created": 0}


def model_list(quirks: Quirks, models: Catalogue) -> dict[str, Any]:
    """All models, in Google's order."""
    data = [model_object(id, name, quirks) for id, name in models.listed()]
    return {"object": "list", "data": data}


def model(name: str, quirks: Quirks, models: Catalogue) -> dict[str, Any] | GoogleError:
    """One model, by its name with or without `models/`."""
    id = bare(name)
    if not models.knows(id):
        return GoogleError(
            404, f"Model is not found: models/{id} for api version v1main", "NOT_FOUND"
        )
    return model_object(id, dict(models.listed()).get(id, id), quirks)
