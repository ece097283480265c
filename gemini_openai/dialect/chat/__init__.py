"""What is done to conversations: requests for chat, whole answers, and the chunks of a stream.

What other endpoints need too belongs beside this folder, and nothing here imports from `routes`.
"""
