"""Events made of the chunks of a stream, at the path that `openai` has for them."""
