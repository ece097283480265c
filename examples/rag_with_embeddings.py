"""Find documents by their embeddings, and answer a question from them."""

from gemini_openai import OpenAI

MODEL = "gemini-flash-latest"
EMBEDDINGS = "gemini-embedding-001"
DOCUMENTS = [
    "The library opens at nine and closes at eighteen, except on Sundays.",
    "Members may borrow ten books for four weeks.",
    "The reading room on the second floor has no telephones.",
]


def main() -> None:
    """Embed the documents and the question, take the nearest, and answer from it."""
    client = OpenAI()
    question = "How many books may I borrow?"
    answer = client.embeddings.create(model=EMBEDDINGS, input=[*DOCUMENTS, question], dimensions=64)
    *documents, asked = [item.embedding for item in answer.data]
    nearness = [sum(a * b for a, b in zip(vector, asked, strict=True)) for vector in documents]
    best = DOCUMENTS[nearness.index(max(nearness))]
    print(f"{len(answer.data)} vectors of {len(asked)} floats")

    completion = client.chat.completions.create(
        model=MODEL,
        messages=[
            {"role": "system", "content": f"Answer from this text only: {best}"},
            {"role": "user", "content": question},
        ],
        temperature=0,
    )
    print(completion.choices[0].message.content)


if __name__ == "__main__":
    main()
