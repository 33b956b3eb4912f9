"""Servers that speak the OpenAI chat-completions protocol, asked over aiohttp."""

from multirads_hf.running.endpoint.client import ChatModel, Endpoint

__all__ = ["ChatModel", "Endpoint"]
