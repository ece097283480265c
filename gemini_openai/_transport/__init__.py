"""Put the dialect below another client of OpenAI's API: HTTP requests in, HTTP responses out.

Here a request of the genuine `openai`, or of a program behind the proxy, becomes a call of our own
client, and its answer or error a response as OpenAI would have sent it. What a request or an answer
means is not known here.
"""
