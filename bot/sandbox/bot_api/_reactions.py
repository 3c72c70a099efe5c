"""The emoji that Telegram lets everybody react with."""

from __future__ import annotations

from typing import Any

from bot.sandbox.errors import bad_request

_LIST = """
    ❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕
    😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡
"""
EMOJI = frozenset(_LIST.split())


def checked_reactions(reactions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The reactions that a bot may set: at most one, from the list; a trailing variation selector is dropped."""
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    for reaction in reactions:
        if reaction["type"] != "emoji" or reaction["emoji"].rstrip("\ufe0f") not in EMOJI:
            raise bad_request("REACTION_INVALID")
    return [{"type": "emoji", "emoji": reaction["emoji"].rstrip("\ufe0f")} for reaction in reactions]
