"""The Bot API over a world: strict about what the official one takes, with Telegram's own refusals."""

from bot.sandbox.bot_api._api import BotApi, Dropped, Reply, Webhook
from bot.sandbox.bot_api._profile import commands_for, menu_language, text_for
from bot.sandbox.errors import ApiError

__all__ = ["ApiError", "BotApi", "Dropped", "Reply", "Webhook", "commands_for", "menu_language", "text_for"]
