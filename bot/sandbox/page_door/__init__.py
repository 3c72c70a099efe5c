"""The page's door: what people's browsers ask of the sandbox, over HTTP and a WebSocket."""

from bot.sandbox.page_door._door import PageDoor

__all__ = ["PageDoor"]
