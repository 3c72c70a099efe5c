"""What several siblings say of somebody who asks to be let in."""

from __future__ import annotations

from markupsafe import Markup

from bot.features import groups
from bot.features.arrivals import JoinRequest
from bot.features.people import Member
from bot.i18n import Translator
from handlers._kit import Deed
from handlers.moderation import mention


def group_title(deed: Deed, wish: JoinRequest) -> str:
    """The group that somebody would like to join."""
    group = groups.find(deed.db, wish.chat_id)
    return group.title if group is not None else "…"


def workplace_name(kind: str, t: Translator) -> str:
    """A kind of workplace in words."""
    t = t.of("arrivals")
    return {
        "hospital": t.label("City hospital"),
        "community": t.label("Community health centre"),
        "county": t.label("County hospital"),
        "university": t.label("University or institute"),
    }.get(kind, t.label("Other"))


def card(deed: Deed, wish: JoinRequest, t: Translator) -> Markup:
    """What is known of somebody who would like to join, for organizers."""
    t = t.of("arrivals")
    member = deed.db.get(Member, wish.member_id)
    name = mention(member) if member is not None else "…"
    unknown = t.label("not said")
    lines = [
        t("🚪 <b>{name}</b> would like to join “{title}”.", name=name, title=group_title(deed, wish)),
        t("Workplace: {workplace}", workplace=workplace_name(wish.workplace, t) if wish.workplace else unknown),
        t("City: {city}", city=wish.city or unknown),
        t("Agreed to the rules.") if wish.agreed_at else t("Has not agreed to the rules yet."),
        t("No invitation."),
    ]
    return Markup("\n").join(lines)
