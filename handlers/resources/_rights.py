"""By what right something is shared, as readers and organizers see it."""

from __future__ import annotations

from markupsafe import Markup

from bot.features.resources import Licence, SharedResource
from bot.i18n import Translator


def right_of(shared: SharedResource, t: Translator) -> Markup:
    """By what right it is here, as its giver said."""
    if shared.licence is Licence.OWN:
        return t("📄 Made by the giver: use it, adapt it.")
    if shared.licence is Licence.PUBLIC:
        return t("📄 Public; its rights stay with whoever published it.")
    return t("📄 Shared with its author's permission.")
