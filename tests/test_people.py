"""Arriving, profile, language, invitations, and what is kept, played through the sandbox."""

from __future__ import annotations

import json

from sqlmodel import select

from bot.features import people
from bot.features.people import Member, Role
from bot.i18n import Translator
from handlers.people._commands import menu_rows
from tests.conftest import SetClock
from tests.town import Seat, Town


def member(town: Town, seat: Seat) -> Member:
    """The member as the database knows them now."""
    with town.database.reading() as db:
        return db.exec(select(Member).where(Member.telegram_id == seat.person.id)).one()


def newcomer(town: Town, language: str = "en") -> Seat:
    """Somebody whom the bot has never met."""
    return town.private(town.person("Wang Fang", language))


def invitation(town: Town, role: Role, **how: object) -> str:
    """An invitation's code."""
    with town.database.transaction() as db:
        return people.invite(db, role, now=town.now(), **how).code  # type: ignore[arg-type]


def test_arriving_asks_for_consent_then_for_a_short_profile(town: Town) -> None:
    seat = newcomer(town)
    seat.starts()
    seat.sees("What I keep, and why")
    seat.taps("I agree")
    seat.says("Fang Fang")
    seat.taps("Nurse")
    seat.says("Hefei")
    seat.taps("Community health centre")
    seat.taps("Skip")
    seat.sees("That is all, Fang Fang")
    met = member(town, seat)
    assert (met.name, met.profession, met.city, met.workplace) == ("Fang Fang", "nurse", "Hefei", "community")
    assert met.consented_at == town.now()


def test_every_field_of_the_profile_can_be_skipped(town: Town) -> None:
    seat = newcomer(town)
    seat.starts()
    seat.taps("I agree")
    for _field in range(5):
        seat.taps("Skip")
    seat.sees("That is all, Wang Fang")
    assert member(town, seat).city is None


def test_the_language_comes_from_telegram_and_can_be_changed_while_arriving(town: Town) -> None:
    seat = newcomer(town, "zh-hans")
    seat.starts()
    assert member(town, seat).language == "zh_Hans"
    seat.taps("English")
    seat.sees("What I keep, and why")
    assert member(town, seat).language == "en"


def test_an_account_that_was_deleted_has_no_name_and_keeps_the_one_it_had(town: Town) -> None:
    seat, nameless = newcomer(town), town.private(town.person("", "en"))
    for known in (seat, nameless):
        known.starts()
    seat.person.user["first_name"] = ""
    seat.says("/help")
    assert member(town, seat).telegram_name == "Wang Fang"
    assert member(town, nameless).telegram_name == str(nameless.person.id)


def test_a_chosen_language_stays_when_telegram_says_another(town: Town) -> None:
    seat = newcomer(town, "zh-hans")
    seat.starts()
    seat.taps("English")
    seat.says("/help")
    seat.sees("Just write your question")


def test_an_owners_invitation_works_once(town: Town) -> None:
    code = invitation(town, Role.OWNER)
    first, second = newcomer(town), newcomer(town)
    first.starts(code)
    second.starts(code)
    assert member(town, first).role is Role.OWNER
    assert member(town, second).role is Role.GUEST
    second.sees("used up")


def test_an_expired_or_unknown_invitation_is_said_plainly(town: Town, clock: SetClock) -> None:
    code = invitation(town, Role.TRAINEE)
    clock.moves(days=31)
    seat = newcomer(town)
    seat.starts(code)
    seat.sees("expired")
    seat.starts("nonsense")
    seat.sees("do not know this invitation")


def test_an_invitation_never_takes_a_higher_role_away(town: Town) -> None:
    code = invitation(town, Role.TRAINEE, cohort="Hefei 2026")
    seat = town.private(town.organizer)
    seat.starts(code)
    assert member(town, seat).role is Role.ORGANIZER
    assert member(town, seat).cohort == "Hefei 2026"


def test_an_organizer_makes_a_link_step_by_step(town: Town) -> None:
    seat = town.private(town.organizer)
    seat.says("/invite")
    seat.taps("consultant")
    seat.sees("Which training group")
    seat.says("Taipei 2026")
    seat.taps("10")
    seat.taps("7 days")
    text = seat.sees("Here is the link").text
    code = text.split("?start=", 1)[1].split()[0]
    for _guest in range(2):
        guest = newcomer(town)
        guest.starts(code)
        assert member(town, guest).role is Role.CONSULTANT
        assert member(town, guest).cohort == "Taipei 2026"


def test_only_organizers_invite_and_nobody_beyond_their_own_role(town: Town) -> None:
    trainee = town.private(town.trainee)
    trainee.says("/invite")
    trainee.sees("Only organizers")
    organizer = town.private(town.organizer)
    organizer.says("/invite")
    assert "owner" not in organizer.buttons("Whom do you want to invite?")
    tap = town.world.tap(town.organizer, organizer.chat, organizer.last.id, "people.invite:owner", stale=True)
    town.settle()
    organizer.taps("No cohort")
    organizer.taps("1")
    last = organizer.taps("1 day")
    assert tap.answered
    assert last.show_alert, "an organizer cannot make owners, whatever the button says"


def test_a_role_taken_away_works_at_the_very_next_tap(town: Town) -> None:
    seat = town.private(town.organizer)
    seat.says("/invite")
    with town.database.transaction() as db:
        found = people.find(db, town.organizer.id)
        assert found is not None
        found.role = Role.TRAINEE
    tap = seat.taps("trainee")
    assert tap.show_alert
    seat.sees_nothing_of("Which training group")


def test_an_organizer_gives_a_role_and_the_member_hears_it(town: Town) -> None:
    seat = town.private(town.organizer)
    seat.says("/people")
    seat.taps("Li Wei · trainee")
    seat.taps("consultant")
    town.private(town.trainee).sees("You are now: consultant")
    assert member(town, town.private(town.trainee)).role is Role.CONSULTANT


def test_thanks_are_for_arriving_and_not_for_changing_ones_name(town: Town) -> None:
    new = newcomer(town)
    new.starts()
    new.taps("I agree")
    new.sees("Thank you! Which name")
    old = town.private(town.trainee)
    for name in ("Wei", "Wei Wei"):
        old.says("/profile")
        old.taps("Name")
        assert not old.last.text.startswith("Thank you")
        old.says(name)
    old.says("/profile")
    old.taps("Name")
    old.sees("skip to keep “Wei Wei”")
    old.taps("Skip")
    assert member(town, old).shown_name == "Wei Wei"


def test_a_dialogue_survives_a_restart_in_the_middle(town: Town) -> None:
    seat = newcomer(town)
    seat.starts()
    seat.taps("I agree")
    town.restarts()
    seat.says("Fang Fang")
    seat.sees("What is your role at work?")


def test_cancel_leaves_a_dialogue(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says("/profile")
    seat.taps("City")
    seat.says("/cancel")
    seat.sees("OK, cancelled")
    seat.says("Can the union pay a flight to Lhasa?")
    assert member(town, seat).city is None


def test_a_city_of_two_hundred_letters_is_refused_and_asked_again(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says("/profile")
    seat.taps("City")
    seat.says("x" * 200)
    seat.sees("200 characters; the limit is 80")
    seat.says("Hefei")
    assert member(town, seat).city == "Hefei"


def test_a_photo_where_words_are_expected_is_asked_again(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says("/profile")
    seat.taps("City")
    town.world.send_photo(town.trainee, seat.chat, b"jpeg")
    town.settle()
    seat.sees("Please write it in a few words")
    seat.says("Wuhu")
    assert member(town, seat).city == "Wuhu"


def test_mydata_shows_everything_and_forget_deletes_it(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says("Can the union pay a flight to Lhasa?")
    seat.taps("Ask an expert")
    seat.taps("Send")
    seat.says("/mydata")
    document = seat.last.message["document"]
    stored = town.world.files.find(document["file_id"])
    assert stored is not None
    data = json.loads(stored.content)
    assert data["profile"]["telegram_name"] == "Li Wei"
    assert data["questions"][0]["text"] == "Can the union pay a flight to Lhasa?"
    seat.says("/forget")
    seat.taps("Delete everything")
    seat.sees("It is deleted")
    with town.database.reading() as db:
        assert people.find(db, town.trainee.id) is None
        dump = "".join(
            str(row)
            for table in ("asked", "questions", "question_parts", "members")
            for row in db.connection().exec_driver_sql(f"SELECT * FROM {table}")
        )
    assert "Lhasa" not in dump
    assert "Li Wei" not in dump


def test_the_only_owner_cannot_vanish(town: Town) -> None:
    seat = newcomer(town)
    seat.starts(invitation(town, Role.OWNER))
    seat.says("/forget")
    tap = seat.taps("Delete everything")
    assert "only owner" in (tap.text or "")


def test_help_shows_what_the_role_has(town: Town) -> None:
    trainee, organizer = town.private(town.trainee), town.private(town.organizer)
    trainee.says("/help")
    organizer.says("/help")
    shown = {"🎟 Invite", "📥 Open questions"}
    assert not shown & set(trainee.buttons("Just write your question"))
    assert shown <= set(organizer.buttons("Just write your question"))


def test_blocking_and_coming_back_is_noticed(town: Town) -> None:
    seat = town.private(town.trainee)
    town.world.block(town.trainee)
    town.settle()
    assert member(town, seat).unreachable_at == town.now()
    seat.starts()
    assert member(town, seat).unreachable_at is None


def test_no_menu_names_a_command_twice() -> None:
    for role in Role:
        named = [command for command, _what in menu_rows(role, Translator("en"))]
        assert len(named) == len(set(named))
