"""Ask many questions at once, with an error for each that fails."""

from gemini_openai import OpenAI

MODEL = "gemini-flash-latest"
COUNTRIES = ["France", "Japan", "Kenya", "Peru", "Norway"]


def main() -> None:
    """Ask for every capital, eight at once, at most a hundred a minute."""
    client = OpenAI()
    requests = (
        {"model": MODEL, "messages": [{"role": "user", "content": f"The capital of {country}?"}]}
        for country in COUNTRIES
    )
    with client.map(requests, concurrency=8, rpm=100) as results:
        for done in results:
            country = COUNTRIES[done.index]
            if done.error is None:
                print(f"{country}: {done.unwrap().choices[0].message.content}")
            else:
                print(f"{country}: failed, {done.error}")


if __name__ == "__main__":
    main()
