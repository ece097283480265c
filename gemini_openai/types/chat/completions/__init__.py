"""Parameters for stored messages."""

from .message_list_params import MessageListParams as MessageListParams
