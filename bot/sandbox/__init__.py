"""A Telegram look-alike on this machine: the stage of the demo and the test double of all tests.

The `world` holds people and chats, the `bot_api` is the bot's strict way into it. There are two doors: `server`
speaks HTTP to any client library and serves the page, `transport` serves python-telegram-bot within the process.
"""
