"""Text as Telegram keeps it: HTML parsed, entities found and put in order, lengths in UTF-16 units.

An entity is a Bot API `MessageEntity` as a dict; offsets and lengths are counted in UTF-16 code units.
"""

from bot.sandbox.text._clean import Formatted, TextError, formatted
from bot.sandbox.text._detect import detect
from bot.sandbox.text._html import parse_html
from bot.sandbox.text._links import checked_link
from bot.sandbox.text._utf16 import Utf16, utf16_length

__all__ = ["Formatted", "TextError", "Utf16", "checked_link", "detect", "formatted", "parse_html", "utf16_length"]
