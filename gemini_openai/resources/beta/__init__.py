"""`beta` and what is in it."""

from .._with_response import (
    AsyncBetaWithRawResponse as AsyncBetaWithRawResponse,
    AsyncBetaWithStreamingResponse as AsyncBetaWithStreamingResponse,
    BetaWithRawResponse as BetaWithRawResponse,
    BetaWithStreamingResponse as BetaWithStreamingResponse,
)
from .beta import AsyncBeta as AsyncBeta, Beta as Beta
