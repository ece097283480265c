"""Make one call among many: wait for its turn, try, and try again. A generator without I/O.

Where a lone call retries by itself (`_call.exchange`), calls in bulk do so here: a refusal for
quota stops all of them, and the wait of one that is retried ends when the caller leaves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .._call.effects import Wait
from .._call.exchange import is_deadline_error
from .._call.retry import Decision, after_failure, after_refusal
from .._exceptions import APIConnectionError, APIError, APIStatusError, ClientClosedError
from ..dialect import read_error
from .rate_limit import Grant

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from .._call.retry import Policy
    from .calls import Calls

REFUSALS = 10
"""How many 429s one call may get: each lowers the rate of all, so the next try stands better."""


class Attempt(NamedTuple):
    """Make the call, once, and give its answer or throw its error."""


class TakeTurn(NamedTuple):
    """Wait until those who came before have had their turn."""


Effect = Wait | Attempt | TakeTurn


def attempts(
    calls: Calls[Any], item: Any, leave: Callable[[], None]
) -> Generator[Effect, Any, Any]:
    """Yield effects until there is an answer to return or an error to raise.

    `leave` lets the next one have its turn. A 429 that may pass is tried again `REFUSALS` times,
    anything else that may pass `max_retries` times.
    """
    limiter, policy = calls.limiter, calls.policy
    tokens = 0.0 if limiter.tpm is None else calls.tokens(item)  # nobody else counts them
    # Waits between refusals are no one call's: they are not counted against its budget.
    patient = policy._replace(max_retries=REFUSALS if policy.max_retries else 0)
    attempt, refusals, waited = 0, 0, 0.0
    while True:
        yield TakeTurn()
        try:
            while not isinstance(grant := limiter.ask(now := calls.clock(), tokens), Grant):
                yield Wait(grant - now)
        finally:
            leave()
        try:
            answer = yield Attempt()
        except APIError as error:
            refused = isinstance(error, APIStatusError) and error.status_code == 429
            if refused:
                decision = _after(error, refusals, 0.0, patient)
            else:
                decision = _after(error, attempt, waited, policy)
            if decision.wait is None:
                if decision.reason and decision.reason not in error.message:
                    add_remark(error, decision.reason)
                raise
            if refused:
                limiter.refused(grant, calls.clock(), decision.wait)
                refusals += 1
            else:
                attempt += 1
                waited += decision.wait
                yield Wait(decision.wait)
        else:
            limiter.succeeded(grant, _prompt_tokens(answer))
            return answer


def _after(error: APIError, attempt: int, waited: float, policy: Policy) -> Decision:
    if isinstance(error, APIStatusError):
        return after_refusal(
            error.status_code,
            error.response.headers,
            read_error(error.body),
            attempt=attempt,
            waited=waited,
            policy=policy,
        )
    final = isinstance(error, ClientClosedError) or is_deadline_error(error)
    if isinstance(error, APIConnectionError) and not final:
        return after_failure(attempt=attempt, waited=waited, policy=policy)
    return Decision(None)


def add_remark(error: Exception, remark: str) -> None:
    """Add to an error's message, in brackets, what its server or its raiser did not know."""
    told = f"{error.message if isinstance(error, APIError) else error} ({remark})"
    if isinstance(error, APIError):
        error.message = told
    error.args = (told, *error.args[1:])


def _prompt_tokens(answer: Any) -> float | None:
    # The quota is one of input tokens: https://ai.google.dev/gemini-api/docs/rate-limits
    counted = getattr(getattr(answer, "usage", None), "prompt_tokens", None)
    return counted if isinstance(counted, int) and counted > 0 else None
