"""Bring a reasoning effort, a thinking level or a thinking budget to what a model takes."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from ...._primitives.last_kept import LastKept
from ...._primitives.patterns import late_pattern
from ...model_table import bare_model, facts_of
from ...models import efforts_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...settings import Settings

_ORDER = ("none", "minimal", "low", "medium", "high")
_SAME_AS = {"xhigh": "high", "max": "high"}
# "1K, 8K and 24K thinking tokens": https://ai.google.dev/gemini-api/docs/openai#thinking
BUDGETS: Mapping[str, int] = {
    "none": 0,
    "minimal": 1024,
    "low": 1024,
    "medium": 8192,
    "high": 24576,
}
"""The budget, in tokens, that stands for an effort."""
_VALID = late_pattern(
    r"Invalid (?:reasoning_effort|thinking_level): [^.]*\. Valid values are: ([\w, ]+)"
)
_LEVEL_REFUSED = late_pattern(r"(?i)thinking level (\w+) is not supported")
_MUST_THINK = "only works in thinking mode"
_MODELS_KEPT = 256


class EffortMemory:
    """What models said that they take, where that is not what the table of models says.

    Safe to use from several threads. It keeps the last 256 models.
    """

    def __init__(self) -> None:
        self._kept = LastKept[str, tuple[str, ...]](_MODELS_KEPT)

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, model: str) -> tuple[str, ...]:
        """The efforts that a model is known to take; empty if it has said nothing."""
        return self._kept.get(bare_model(model)) or ()

    def keep(self, model: str, efforts: Sequence[str]) -> None:
        """Remember what a model takes."""
        self._kept.keep(bare_model(model), tuple(efforts))


def possible_effort(effort: str, model: str, settings: Settings, learnt: Sequence[str] = ()) -> str:
    """The effort to send for `effort`: the nearest that the model takes, the higher of two.

    `settings.efforts` counts first, then `learnt`, which the model said itself, then the table of
    models.
    """
    if (chosen := _chosen(effort, model, settings)) is not None:
        return chosen
    takes = learnt or efforts_of(facts_of(model), settings)
    return _nearest(effort, takes) if takes else _SAME_AS.get(effort, effort)


def possible_level(level: str, model: str, settings: Settings, learnt: Sequence[str] = ()) -> str:
    """The thinking level to send for `level`, by the rule for efforts. `none` is no level."""
    if (chosen := _chosen(level, model, settings)) is not None:
        return chosen
    takes = [known for known in learnt or facts_of(model).levels if known != "none"]
    return _nearest(level, takes) if takes else _SAME_AS.get(level, level)


def level_of_budget(budget: int) -> str:
    """The level that comes nearest to a budget in tokens, and is not less; `none` for 0."""
    if budget == 0:
        return "none"
    return next((level for level in _ORDER[2:] if budget <= BUDGETS[level]), "high")


def must_think(budget: int, model: str, learnt: Sequence[str]) -> bool:
    """Whether a budget of 0 is for a model that has levels, and none of them is not to think."""
    facts = facts_of(model)
    if budget != 0 or "thinking_level" in facts.refuses or not facts.levels:
        return False
    return "none" not in learnt if learnt else not facts.can_stop_thinking


def possible_budget(budget: int, model: str) -> int:
    """`budget` within what the model takes; 0 and -1, which have a meaning of their own, stay."""
    facts = facts_of(model)
    if facts.thinking_budget is None or budget == -1 or (budget == 0 and facts.can_stop_thinking):
        return budget
    lowest, highest = facts.thinking_budget
    return min(max(budget, lowest), highest)


def efforts_in(
    message: str, model: str, settings: Settings, learnt: Sequence[str] = ()
) -> tuple[str, ...]:
    """What the model takes, as its refusal tells; empty where the refusal is about something else.

    A refusal that names one level takes it from what was `learnt` before.

    Phrases: `Invalid reasoning_effort: minimal. Valid values are: high, low, medium, none`,
    `Thinking level MINIMAL is not supported for this model.`, and `Budget 0 is invalid. This model
    only works in thinking mode.`
    """
    if found := _VALID.search(message):
        named = {word.strip() for word in found[1].split(",")}
        return tuple(effort for effort in _ORDER if effort in named)
    refused = "none" if _MUST_THINK in message else ""
    if found := _LEVEL_REFUSED.search(message):
        refused = found[1].lower()
    takes = learnt or efforts_of(facts_of(model), settings) or _ORDER
    return tuple(effort for effort in takes if effort != refused) if refused else ()


def _chosen(effort: str, model: str, settings: Settings) -> str | None:
    """What the caller's own table says."""
    bare = bare_model(model)
    for pattern, efforts in settings.efforts.items():
        if effort in efforts and fnmatchcase(bare, pattern):
            return efforts[effort]
    return None


def _nearest(effort: str, takes: Sequence[str]) -> str:
    wanted = _SAME_AS.get(effort, effort)
    if wanted in takes or wanted not in _ORDER:
        return wanted
    place = _ORDER.index(wanted)
    # Not to think at all is another thing than to think a little.
    rest = [known for known in takes if known != "none"] or list(takes)
    return min(rest, key=lambda known: (abs(_ORDER.index(known) - place), -_ORDER.index(known)))
