"""Ask for all pages of a list that other clients take for the only one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from .._call.exchange import joined_answer
from .._primitives.json_types import BOM, is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from .._call.exchange import Answer, Effect
    from .._call.request import FinalRequestOptions

    Exchange = Generator[Effect, Any, Answer]

_MOST_PAGES = 100


def all_pages(
    begin: Callable[[FinalRequestOptions], Exchange], options: FinalRequestOptions
) -> Exchange:
    """The exchanges for a list in Google's pages, and their answer, as if it were one page.

    `begin` begins the exchange of one page, and sets the translation of its options.
    """
    answers = [(yield from begin(options))]
    pages = [_page(answers[0])]
    while (token := pages[-1].get("nextPageToken")) and len(pages) < _MOST_PAGES:
        query = {**options.params, "pageToken": token}
        answers.append((yield from begin(replace(options, params=query))))
        pages.append(_page(answers[-1]))
    if len(pages) == 1:
        return answers[0]
    joined: dict[str, Any] = {}
    for page in pages:
        for name, value in page.items():
            known = joined.get(name)
            joined[name] = [*known, *value] if is_array(known) and is_array(value) else value
    joined.pop("nextPageToken", None)
    return joined_answer(answers, to_json(joined))


def _page(answer: Answer) -> dict[str, Any]:
    """The JSON of an answer; empty for what is none, of which its reader tells."""
    try:
        value = from_json(answer.response.content.removeprefix(BOM))
    except ValueError:
        return {}
    return value if is_object(value) else {}
