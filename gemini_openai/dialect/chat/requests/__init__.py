"""Adapt a chat request; `adapt` has the order of the steps, each in a module of its own.

Messages, tools and formats, options. What reads answers is in `chat/answers`.
"""
