"""Send any number of requests in one call: `batches.run` uploads, waits, and yields answers."""

import os

from pydantic import BaseModel

from gemini_openai import OpenAI

MODEL = "gemini-flash-latest"
POLL_SECONDS = float(os.environ.get("POLL_SECONDS", "5"))
REVIEWS = ["Works as it should.", "Broke on the second day.", "Nice colour, but late."]


class Verdict(BaseModel):
    """The information to extract from a review."""

    satisfied: bool
    topic: str


def main() -> None:
    """Parse each text into a type; a generator of millions would work as well."""
    client = OpenAI()
    requests = (
        {"custom_id": f"review-{n}", "messages": [{"role": "user", "content": review}]}
        for n, review in enumerate(REVIEWS)
    )
    run = client.batches.run(
        requests,
        model=MODEL,
        response_format=Verdict,
        poll_interval=POLL_SECONDS,
        on_progress=lambda step: print(f"{step.state}: {step.done} of {step.rows}"),
    )
    for result in run:
        print(result.custom_id, result.parsed if result.error is None else result.error)


if __name__ == "__main__":
    main()
