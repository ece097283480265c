"""A client's choices are checked, and a wrong name is answered with the right ones."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from gemini_openai.dialect.notes import InvalidRequestError, UnsupportedParameterError
from gemini_openai.dialect.settings import DEFAULT_SETTINGS, make_settings
from gemini_openai.dialect.table import REPAIRS


def test_nothing_given_is_everything_repaired() -> None:
    assert make_settings() == DEFAULT_SETTINGS
    assert make_settings(repairs=True) == DEFAULT_SETTINGS


def test_repairs_false_switches_off_every_row() -> None:
    off = make_settings(repairs=False).off
    assert {row.name for row in REPAIRS} <= off
    assert "schema-const" in off


def test_single_repairs_are_switched_either_way() -> None:
    settings = make_settings(repairs={"usage": False, "schema-property-ordering": True})
    assert settings.off == {"usage"}
    assert settings.asked_for == {"schema-property-ordering"}


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"repairs": {"tool-names": False}}, ["tool-names", "Known names:", "thought-signatures"]),
        ({"repairs": {"usages": False}}, ["Did you mean 'usage'?"]),
        ({"unsupported": "ignore"}, ["unsupported", "warn, drop, error"]),
        ({"backend": "azure"}, ["backend", "developer, vertex"]),
    ],
)
def test_an_unknown_name_is_an_error_that_lists_the_known(
    wrong: dict[str, Any], expected: list[str]
) -> None:
    with pytest.raises(ValueError, match="is unknown") as caught:
        make_settings(**wrong)
    assert all(text in str(caught.value) for text in expected)


def test_settings_do_not_change_with_what_they_were_made_from() -> None:
    names = {"gpt-4o": "gemini-flash-latest"}
    settings = make_settings(model_map=names)
    names["gpt-4o"] = "other"
    assert settings.model_map == {"gpt-4o": "gemini-flash-latest"}


def test_settings_and_errors_can_be_pickled() -> None:
    settings = make_settings(repairs={"usage": False}, efforts={"*": {"max": "low"}})
    assert pickle.loads(pickle.dumps(settings)) == settings
    error = UnsupportedParameterError("no seed", param="seed", repair="parameters")
    copy = pickle.loads(pickle.dumps(error))
    assert isinstance(copy, InvalidRequestError)
    assert type(copy) is UnsupportedParameterError
    assert (str(copy), copy.param, copy.repair) == ("no seed", "seed", "parameters")
