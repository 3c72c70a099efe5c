"""People and steps in words: without a name until both want it."""

from __future__ import annotations

from markupsafe import Markup

from bot.errors import Outdated
from bot.features.peers import PeerSearch
from bot.features.people import Member
from bot.i18n import Translator
from handlers._kit import Deed

_INNER = str.maketrans("“”「」", "‘’『』")
"""A title's own quotation marks: it stands within some itself."""


def title_of(deed: Deed, what: str, t: Translator) -> str:
    """What a step or a barrier is called, to stand within quotation marks; its id where the ladder does not have it any more."""
    ladder = deed.services.knowledge().ladder
    found = ladder.by_id.get(what) or ladder.barrier(what)
    return found.title.for_reader(t.language).translate(_INNER) if found is not None else what


def require_known(deed: Deed, what: str) -> None:
    """Raise Outdated for what is neither a step nor a barrier of the ladder."""
    ladder = deed.services.knowledge().ladder
    if what not in ladder.by_id and ladder.barrier(what) is None:
        raise Outdated


def nameless(member: Member, t: Translator) -> str:
    """A nurse in a county hospital: as much as can be said without naming anybody."""
    who = {
        "nurse": t.label("a nurse"),
        "doctor": t.label("a doctor"),
        "organizer": t.label("a programme organizer"),
        "educator": t.label("a health educator"),
    }.get(member.profession or "", t.label("a colleague"))
    where = {
        "hospital": t.label("in a city hospital"),
        "community": t.label("in a community health centre"),
        "county": t.label("in a county hospital"),
        "university": t.label("at a university or institute"),
    }.get(member.workplace or "")
    return t.label("{who} {where}", who=who, where=where) if where else who


def named(member: Member, t: Translator) -> Markup:
    """The name, leading to the person at Telegram, with their work and city."""
    facts = [nameless(member, t), *([member.city] if member.city else [])]
    name = Markup('<a href="tg://user?id={}">{}</a>').format(member.telegram_id, member.shown_name)
    return t("<b>{name}</b> ({facts})", name=name, facts=", ".join(facts) if t.language == "en" else "，".join(facts))


def about_ask(ask_id: int | None) -> str:
    """The name under which an outbox row asks somebody."""
    return f"peerask:{ask_id}"


def ask_key(search: PeerSearch, helper: Member) -> str:
    """The unique name of asking this colleague because of this search."""
    return search.key("ask", helper.id)
