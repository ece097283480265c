"""Turn chat answers, whole (`completions`) or in chunks, into what OpenAI would have sent.

What both need is in modules that both call, so that a user sees the same. Requests are adapted in
`chat/requests`.
"""
