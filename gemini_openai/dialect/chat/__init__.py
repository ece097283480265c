"""What is done to conversations: requests on their way to Gemini, answers and chunks from there."""
