"""What a docstring says of a function and of its parameters."""

from __future__ import annotations

import pytest

from gemini_openai.lib._docstrings import Docstring, read_docstring

GOOGLE = """Find a flight.

    The cheapest comes first.

    Args:
        origin (str): Where from,
            as a code: OSL.
        **options: Whatever else.
        day: When.

            At noon.

    Returns:
        flights: a list
    """
NUMPY = """Find a flight.

    The cheapest comes first.

    Parameters
    ----------
    origin : str
        Where from,
        as a code: OSL.
    **options
        Whatever else.
    day : date, optional
        When.

        At noon.

    Returns
    -------
    flights : list
        A list.
    """
REST = """Find a flight.

    The cheapest comes first.

    :param str origin: Where from,
        as a code: OSL.
    :param options: Whatever else.
    :param day: When.
        At noon.
    :type day: date
    :returns: a list
    :raises ValueError: never
    """
SAID = {
    "origin": "Where from, as a code: OSL.",
    "options": "Whatever else.",
    "day": "When. At noon.",
}


@pytest.mark.parametrize("text", [GOOGLE, NUMPY, REST], ids=["Google", "NumPy", "reST"])
def test_the_description_and_the_parameters_are_read_in_each_style(text: str) -> None:
    assert read_docstring(text) == Docstring("Find a flight.\n\nThe cheapest comes first.", SAID)


@pytest.mark.parametrize("text", [None, "", "   "])
def test_no_docstring_says_nothing(text: str | None) -> None:
    assert read_docstring(text) == Docstring("", {})


def test_two_names_may_share_a_description_in_numpys_style() -> None:
    read = read_docstring("Add.\n\nParameters\n----------\na, b : int\n    A number.")
    assert read.parameters == {"a": "A number.", "b": "A number."}


def test_sections_of_other_things_say_nothing_of_parameters() -> None:
    read = read_docstring(
        "Go.\n\nRaises:\n    ValueError: never\n\nArgs:\n    a: x\n\nNote:\n    b: y"
    )
    assert read == Docstring("Go.", {"a": "x"})


def test_a_colon_in_prose_does_not_begin_a_section() -> None:
    text = "Go there.\n\nFor example:\n    go(1)\n\nNote that args: matter."
    assert read_docstring(text) == Docstring(text, {})


def test_a_parameter_that_is_listed_without_words_is_not_described() -> None:
    assert read_docstring("Go.\n\nArgs:\n    a:\n    b: y").parameters == {"b": "y"}
