"""What people say of an answer, offers in groups, links to an entry and the organizers' look back."""

from __future__ import annotations

from tests.test_faq import FIRST
from tests.town import Town


def test_not_quite_asks_what_was_missing_and_looks_again(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says(FIRST)
    seat.taps("Not quite")
    asked = seat.sees("What was missing?")
    assert asked.buttons
    seat.says("I mean how we pay for the whole programme, we have no budget at all")
    assert seat.last.buttons
    with town.database.reading() as db:
        verdicts = db.connection().exec_driver_sql("SELECT helpful FROM asked ORDER BY id").scalars().all()
    assert verdicts[0] in (0, False)
    assert len(verdicts) == 2


def test_a_suggestion_after_not_quite_can_be_helpful(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says(FIRST)
    seat.taps("Not quite")
    label = seat.last.buttons[0][0]["text"]
    seat.taps(label)
    seat.sees(label)
    assert "Thank you" in (seat.taps("Helpful").text or "")


def test_another_ones_buttons_lead_nowhere_from_another_chat(town: Town) -> None:
    town.private(town.trainee).says(FIRST)
    stranger = town.private(town.other_trainee)
    stranger.says(FIRST)
    for verb in ("faq.helpful:1", "faq.notquite:1", "faq.related:1", "faq.suggested:1:0", "questions.ask:1"):
        tap = town.world.tap(town.other_trainee, stranger.chat, stranger.last.id, verb, stale=True)
        town.settle()
        assert tap.show_alert, verb


def test_a_link_opens_an_entry(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.starts("faq_recruitment__start-with-one")
    seat.sees("one good candidate" if any("one good candidate" in text for text in seat.texts) else "small step")


def test_a_link_to_an_entry_that_is_gone_says_so(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.starts("faq_recruitment__nothing-of-this-name")
    assert seat.last.author == town.world.bot_id


def test_in_a_group_the_answer_is_short_and_leads_on_in_private(town: Town) -> None:
    seat = town.seat(town.trainee, town.group)
    seat.says(f"/ask {FIRST}")
    link = next(b["url"] for row in seat.last.buttons for b in row if "url" in b)
    private = town.private(town.trainee)
    private.starts(link.partition("?start=")[2])
    assert len(private.last.text) > len(seat.last.text)


def test_a_group_that_wants_it_is_offered_an_answer_discreetly(town: Town) -> None:
    town.world.set_rights(town.group, town.world.bot_id)
    organizer = town.seat(town.organizer, town.group)
    organizer.says("/settings")
    organizer.taps("Offer answers")
    trainee = town.seat(town.trainee, town.group)
    trainee.says("Good morning, everybody!")
    assert trainee.last.author == town.trainee.id
    trainee.says("How do we find our first peer supporter?")
    trainee.sees("I may have an answer")
    town.seat(town.other_trainee, town.group).taps(trainee.last.buttons[0][0]["text"])
    assert [b for row in trainee.last.buttons for b in row if "Helpful" in b["text"]]


def test_without_that_wish_the_bot_stays_silent(town: Town) -> None:
    town.world.set_rights(town.group, town.world.bot_id)
    trainee = town.seat(town.trainee, town.group)
    said = trainee.says("How do we find our first peer supporter?")
    assert trainee.last.id == said.id


def test_organizers_see_what_is_asked_and_what_is_missing(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says(FIRST)
    seat.taps("Helpful")
    seat.says("Can the union pay a flight to Lhasa?")
    organizer = town.private(town.organizer)
    organizer.says("/report")
    organizer.sees("2 questions asked")
    organizer.sees("helpful: 1")
    organizer.sees("flight to Lhasa")


def test_an_emergency_gets_the_fixed_text_at_once(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says("My patient is unconscious, glucose 2.1, what now?!")
    seat.sees("120")
    town.seat(town.trainee, town.group).says("/ask 病友低血糖昏迷了，叫不醒，怎么办！")
    town.seat(town.trainee, town.group).sees("120")
    room = town.seat(town.consultant, town.room)
    assert "Urgent words from Li Wei" in room.sees("unconscious").text
    room.sees("昏迷")
