"""Read numbers that others wrote: finite, bounded, or none at all."""

from __future__ import annotations

LARGEST = 2**63 - 1  # of a JSON number that is an int64 in Google's protocols
LONGEST_WAIT = 1e9  # seconds, some 30 years; what is beyond is a mistake


def whole_number(value: object, most: int = LARGEST) -> int | None:
    """A whole number from 0 to `most`, of a number or of text in decimal digits; else None.

    `int` alone takes `1_0` and `²`-like digits of other scripts, fails for thousands of digits, and
    for numbers that are not finite.
    """
    if type(value) is int:  # nearly always
        return value if 0 <= value <= most else None
    if isinstance(value, str):
        if not (value.isascii() and value.isdecimal()) or len(value) > len(str(most)):
            return None
        number = int(value)
    elif isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    elif isinstance(value, float):
        if not value.is_integer():  # nor is one that is not finite
            return None
        number = int(value)
    else:
        number = value
    return number if 0 <= number <= most else None


def seconds(text: str) -> float | None:
    """A time in decimal notation, from 0 to `LONGEST_WAIT`; else None.

    `float` alone takes `nan`, `inf`, `1e308` and `1_0`.
    """
    text = text.strip()
    whole, _, fraction = text.partition(".")
    digits = whole + fraction
    if not (digits.isascii() and digits.isdecimal()) or len(text) > 40:
        return None
    number = float(text)
    return number if number <= LONGEST_WAIT else None
