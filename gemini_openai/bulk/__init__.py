"""Many calls: `client.map`, `embeddings.create_many`, `batches.run` and the rate limiter.

Belongs here: what openai has not, built on its resources from above.
Does not: a single call, its retries and its bytes.
"""
