"""Try odd input for some time: `PYTHONPATH=tests python -m fuzz --seconds 60`.

Each finding is printed once for each place in the code, with the seed that makes it again:
`--seed 123 --rounds 1`. Ends with status 1 if there was one.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
import traceback
from collections import Counter
from random import Random
from typing import Any

from fuzz.corpus import odd_stream, odd_value
from fuzz.invariants import CHECKS, STREAM_CHECKS


def one_round(seed: int) -> dict[str, tuple[Exception, Any]]:
    """Every check on input made from a seed; what went wrong, by the name of the check."""
    random = Random(seed)
    value, stream = odd_value(random), odd_stream(random)
    tried = [*((name, check, value) for name, check in CHECKS.items())]
    tried += [(name, check, stream) for name, check in STREAM_CHECKS.items()]
    found = {}
    for name, check, given in tried:
        try:
            check(given)
        except Exception as error:  # noqa: BLE001  # that is what is looked for
            found[name] = error, given
    return found


def place_of(error: Exception) -> str:
    """Where an error was raised: its kind, file and line."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} {frames[-1].filename}:{frames[-1].lineno}"


def main() -> int:
    """Run the rounds, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0, help="of the first round")
    parser.add_argument("--rounds", type=int, default=sys.maxsize)
    given = parser.parse_args()
    logging.disable()  # of each odd answer there is a line

    places: Counter[tuple[str, str]] = Counter()
    end = time.monotonic() + given.seconds
    seed = given.seed
    while seed < given.seed + given.rounds and time.monotonic() < end:
        for name, (error, value) in one_round(seed).items():
            places[name, place_of(error)] += 1
            if places[name, place_of(error)] == 1:
                print(f"--seed {seed} {name}: {place_of(error)}: {error!s:.300}\n  {value!r:.500}")
        seed += 1
    print(f"{seed - given.seed} rounds of {len(CHECKS) + len(STREAM_CHECKS)} checks.")
    for (name, place), count in places.most_common():
        print(f"{count} times {name}: {place}")
    return 1 if places else 0


if __name__ == "__main__":
    raise SystemExit(main())
