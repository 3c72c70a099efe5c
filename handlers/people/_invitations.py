"""Letting people in: /invite makes links, /people shows who has which role and changes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from markupsafe import Markup

from bot.errors import Outdated, TextTooLong
from bot.features import people
from bot.features.people import FIELD_LIMIT, Member, Role
from bot.i18n import Translator
from handlers._kit import Button, Request, Screen, Tap, one_below_the_other
from handlers.people._commands import show_menu
from handlers.people._feature import feature
from handlers.people._start import role_name

USES = (1, 10, 50, 500)
DAYS = (1, 7, 30, 365)
PAGE = 8


@dataclass(frozen=True)
class InviteRole(Tap, prefix="people.invite"):
    """Invite to a role."""

    role: str


@dataclass(frozen=True)
class NoCohort(Tap, prefix="people.cohortless"):
    """The invitation leads into no particular cohort."""

    role: str


@dataclass(frozen=True)
class InviteUses(Tap, prefix="people.uses"):
    """How many people may use the link."""

    uses: int


@dataclass(frozen=True)
class InviteDays(Tap, prefix="people.days"):
    """How long the link works."""

    days: int


@dataclass(frozen=True)
class ShowPeople(Tap, prefix="people.list"):
    """A page of the members."""

    page: int


@dataclass(frozen=True)
class ShowPerson(Tap, prefix="people.person"):
    """One member with the roles they can be given."""

    member: int


@dataclass(frozen=True)
class Grant(Tap, prefix="people.grant"):
    """Give a member a role."""

    member: int
    role: str


@feature.command("invite", role=Role.ORGANIZER)
def invite(request: Request) -> Screen:
    """First question: which role."""
    roles = [role for role in Role if role is not Role.GUEST and request.me.role.reaches(role)]
    buttons = [Button(role_name(role, request.t), InviteRole(role)) for role in roles]
    return Screen(request.t("Whom do you want to invite?"), buttons=one_below_the_other(buttons))


@feature.tap(InviteRole, role=Role.ORGANIZER)
def invite_role(request: Request, tap: InviteRole) -> Screen:
    """Second question: which cohort."""
    request.me.expects("people.cohort", role=_role(tap.role))
    return Screen(
        request.t("Which training group (cohort)? Write its name, for example “Hefei 2026”."),
        edit=True,
        buttons=[[Button(request.t.label("No cohort"), NoCohort(tap.role))]],
    )


@feature.step("cohort", role=Role.ORGANIZER)
def cohort(request: Request) -> Screen:
    """Take the cohort's name."""
    name = " ".join(request.text.split())
    if len(name) > FIELD_LIMIT:
        raise TextTooLong(FIELD_LIMIT, len(name))
    return _how_many(request, request.pending["role"], name or None, edit=False)


@feature.tap(NoCohort, role=Role.ORGANIZER)
def no_cohort(request: Request, tap: NoCohort) -> Screen:
    """Go on without a cohort."""
    return _how_many(request, _role(tap.role), None, edit=True)


def _how_many(request: Request, role: str, cohort: str | None, *, edit: bool) -> Screen:
    request.me.expects("people.invitation", role=role, cohort=cohort)
    buttons = [Button(request.t.number(uses), InviteUses(uses)) for uses in USES]
    return Screen(request.t("How many people may use the link?"), buttons=[buttons], edit=edit)


@feature.tap(InviteUses, role=Role.ORGANIZER)
def invite_uses(request: Request, tap: InviteUses) -> Screen:
    """Third question: how long."""
    pending = _open_invitation(request)
    request.me.expects("people.invitation", role=pending["role"], cohort=pending["cohort"], uses=tap.uses)
    t = request.t
    buttons = [Button(str(t.n("{n} day", "{n} days", days)), InviteDays(days)) for days in DAYS]
    return Screen(t("How long should the link work?"), buttons=[buttons[:2], buttons[2:]], edit=True)


@feature.tap(InviteDays, role=Role.ORGANIZER)
def invite_days(request: Request, tap: InviteDays) -> Screen:
    """Make the link."""
    pending = _open_invitation(request)
    if "uses" not in pending:
        raise Outdated
    invitation = people.invite(
        request.db,
        Role(pending["role"]),
        now=request.now,
        by=request.me,
        uses=pending["uses"],
        cohort=pending["cohort"],
        lasts=timedelta(days=tap.days),
    )
    request.me.pending = None
    t = request.t
    return Screen(
        t(
            "Here is the link for <b>{role}</b>{cohort}:\n{link}\n\nIt works for {uses} until {until}. Tap the link "
            "and press START to join.",
            role=role_name(invitation.role, t),
            cohort=f" · {invitation.cohort}" if invitation.cohort else "",
            link=f"{request.services.link}?start={invitation.code}",
            uses=t.n("{n} person", "{n} people", invitation.uses_left),
            until=t.date(invitation.expires_at or request.now),
        ),
        edit=True,
    )


@feature.step("invitation", role=Role.ORGANIZER)
def words_instead_of_a_button(request: Request) -> Screen:
    """Somebody types where a button was expected: keep waiting, say so."""
    request.me.pending = request.pending
    return Screen(request.t("Please tap one of the buttons above, or /cancel."))


def _open_invitation(request: Request) -> dict[str, Any]:
    pending: dict[str, Any] = request.me.pending or {}
    if pending.get("step") != "people.invitation":
        raise Outdated
    return pending


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError:
        raise Outdated from None


@feature.command("people", role=Role.ORGANIZER)
def members(request: Request) -> Screen:
    """Who belongs to the community."""
    return _page(request, 0, edit=False)


@feature.tap(ShowPeople, role=Role.ORGANIZER)
def show_page(request: Request, tap: ShowPeople) -> Screen:
    """Another page."""
    return _page(request, tap.page, edit=True)


def _page(request: Request, page: int, *, edit: bool) -> Screen:
    t = request.t
    everybody = people.with_role(request.db, Role.GUEST)
    shown = everybody[page * PAGE : (page + 1) * PAGE]
    rows = [
        [Button(f"{member.shown_name} · {role_name(member.role, t)}", ShowPerson(member.id or 0))] for member in shown
    ]
    turn = [Button("‹", ShowPeople(page - 1))] if page > 0 else []
    turn += [Button("›", ShowPeople(page + 1))] if len(everybody) > (page + 1) * PAGE else []
    return Screen(
        t.n(
            "{n} person knows this bot. Tap a name to see or change the role.",
            "{n} people know this bot. Tap a name to see or change the role.",
            len(everybody),
        ),
        buttons=[*rows, turn],
        edit=edit,
    )


@feature.tap(ShowPerson, role=Role.ORGANIZER)
def show_person(request: Request, tap: ShowPerson) -> Screen:
    """One member, with the roles that can be given."""
    member = _member(request, tap.member)
    return Screen(_about(member, request.t), buttons=_roles(request, member), edit=True)


@feature.tap(Grant, role=Role.ORGANIZER)
def grant(request: Request, tap: Grant) -> Screen:
    """Change a member's role, and tell them."""
    member = _member(request, tap.member)
    before = member.role
    people.grant(request.db, member, _role(tap.role), by=request.me)
    if member.role is not before and member.id != request.me.id and member.started_at:
        t = request.words(member)
        request.post(
            Screen(t("You are now: <b>{role}</b>. /help shows what you can do.", role=role_name(member.role, t))),
            chat_id=member.telegram_id,
            key=f"grant:{request.update_id}",
        )
        show_menu(request, member)
    return Screen(_about(member, request.t), buttons=_roles(request, member), edit=True)


def _member(request: Request, member_id: int) -> Member:
    member = request.db.get(Member, member_id)
    if member is None:
        raise Outdated
    return member


def _about(member: Member, t: Translator) -> Markup:
    cohort = f" · {member.cohort}" if member.cohort else ""
    city = f" · {member.city}" if member.city else ""
    return t(
        "<b>{name}</b>: {role}{cohort}{city}",
        name=member.shown_name,
        role=role_name(member.role, t),
        cohort=cohort,
        city=city,
    )


def _roles(request: Request, member: Member) -> list[list[Button]]:
    t = request.t
    mine = request.me.role
    allowed = [role for role in Role if mine.reaches(role) and mine.reaches(member.role)]
    rows = [
        [Button(("✓ " if role is member.role else "") + role_name(role, t), Grant(member.id or 0, role))]
        for role in allowed
    ]
    return [*rows, [Button("‹ " + t.label("All members"), ShowPeople(0))]]
