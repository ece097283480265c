"""Hold a conversation in which the model calls tools, written as for `openai`."""

import json

from gemini_openai import OpenAI

MODEL = "gemini-flash-latest"
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "The weather in a city, now.",
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string", "description": "The city's name."}},
                "required": ["city"],
                "additionalProperties": False,
            },
        },
    }
]


def get_weather(city: str) -> dict:
    """Stand in for a weather service."""
    return {"city": city, "sky": "clear", "celsius": 21}


def main() -> None:
    """Ask, run the tools that the model calls, and let it answer, with a history kept by hand."""
    client = OpenAI()
    messages = [{"role": "user", "content": "What is the weather in Lisbon?"}]
    while True:
        answer = client.chat.completions.create(model=MODEL, messages=messages, tools=TOOLS)
        message = answer.choices[0].message
        if not message.tool_calls:
            break
        messages.append(
            {
                "role": "assistant",
                "content": message.content,
                "tool_calls": [
                    {
                        "id": call.id,
                        "type": "function",
                        "function": {
                            "name": call.function.name,
                            "arguments": call.function.arguments,
                        },
                    }
                    for call in message.tool_calls
                ],
            }
        )
        for call in message.tool_calls:
            result = get_weather(**json.loads(call.function.arguments))
            print(f"{call.function.name}({call.function.arguments}) -> {result}")
            messages.append(
                {"role": "tool", "tool_call_id": call.id, "content": json.dumps(result)}
            )
    print(message.content)

    messages += [
        {"role": "assistant", "content": message.content},
        {"role": "user", "content": "Say that again, shorter."},
    ]
    with client.chat.completions.create(model=MODEL, messages=messages, stream=True) as stream:
        for chunk in stream:
            if chunk.choices:
                print(chunk.choices[0].delta.content or "", end="", flush=True)
    print()


if __name__ == "__main__":
    main()
