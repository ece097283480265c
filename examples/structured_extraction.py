"""Parse text into a pydantic model with `parse()`."""

from typing import Literal

from pydantic import BaseModel

from gemini_openai import OpenAI

MODEL = "gemini-flash-latest"


class Item(BaseModel):
    """One line of an invoice."""

    name: str
    quantity: int
    price: float


class Invoice(BaseModel):
    """The information to extract from the text."""

    number: str
    currency: Literal["EUR", "USD"]
    items: list[Item]


def main() -> None:
    """Extract an invoice."""
    client = OpenAI()
    completion = client.chat.completions.parse(
        model=MODEL,
        messages=[
            {
                "role": "user",
                "content": 'Invoice "A-17": 3 pencils at 0.50 EUR and 1 desk at 120 EUR.',
            }
        ],
        response_format=Invoice,
    )
    invoice = completion.choices[0].message.parsed
    print(f"{invoice.number}: {len(invoice.items)} items in {invoice.currency}")
    print(invoice.model_dump_json(indent=2))


if __name__ == "__main__":
    main()
