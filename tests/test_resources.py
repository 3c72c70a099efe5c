"""The resource library: what its files say, the rules of lists and suggestions, and the way through it in the chat."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlmodel import Session, select
from typer.testing import CliRunner

from bot.cli import app
from bot.db import Database
from bot.errors import ContentInvalid, NotAllowed, NotYours, Outdated, TextTooLong, Unclear
from bot.features import people, resources
from bot.features.people import Member, Role
from bot.features.resources import Kind, Resource, ResourceSearch, SavedResource, SharedResource, Shelf, State
from bot.features.resources import shelf as shelf_module
from bot.features.resources.links import same, web_address
from bot.i18n import LANGUAGES, Translator
from bot.knowledge import Knowledge
from bot.settings import Settings
from handlers._kit import units
from handlers._kit._sentences import sentence
from handlers.resources._browsing import Save, card_text
from handlers.resources._describing import Purpose
from handlers.resources._feature import AUDIENCES, Listing, Show, back_to, shortened
from tests.conftest import NOON, SetClock
from tests.town import Seat, Town

PDF = "application/pdf"
OLD = sentence(Outdated(), Translator("en"))


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    """The shipped library."""
    return shelf_module.load(Settings().content_folders)


def member(db: Session, number: int, role: Role = Role.TRAINEE) -> Member:
    """Somebody of the community."""
    made = people.meet(
        db, telegram_id=number, name=f"Person {number}", language_code="en", default="en", timezone="UTC", now=NOON
    )
    made.role = role
    return made


def link(db: Session, by: Member, url: str = "https://example.org/guide", title: str = "A guide") -> SharedResource:
    """A link that was suggested."""
    shared, _new = resources.suggest(db, by=by, kind=Kind.LINK, title=title, url=url, now=NOON)
    return shared


# What the files say


def test_every_need_has_resources_and_every_id_is_its_own(shelf: Shelf) -> None:
    assert len(shelf.needs) == 10
    assert len(shelf.by_id) == len(shelf.resources) == sum(len(need.resources) for need in shelf.needs)
    assert all(shelf.for_need(need.category) for need in shelf.needs)


def test_every_resource_is_described_in_two_short_sentences_in_both_languages(shelf: Shelf) -> None:
    for resource in shelf.resources:
        assert resource.description is not None
        assert 30 <= len(resource.description.en) <= 240, resource.id
        assert 12 <= len(resource.description.zh) <= 90, resource.id
        assert any("\u4e00" <= character <= "\u9fff" for character in resource.description.zh), resource.id
        assert not any("\u4e00" <= character <= "\u9fff" for character in resource.description.en), resource.id
    assert len({resource.description.en for resource in shelf.resources if resource.description}) == len(
        shelf.resources
    )


def test_every_resource_has_a_title_for_readers_of_either_language(shelf: Shelf) -> None:
    for resource in shelf.resources:
        assert not any("\u4e00" <= character <= "\u9fff" for character in resource.title_in("en")), resource.id
        assert any("\u4e00" <= character <= "\u9fff" for character in resource.title_in("zh_Hans")), resource.id


def test_links_lead_to_the_web_and_only_what_has_one_is_official(shelf: Shelf) -> None:
    assert all(web_address(resource.url) == resource.url for resource in shelf.resources if resource.url)
    assert not [resource.id for resource in shelf.resources if resource.official and not resource.url]


def test_no_copy_on_a_document_site_is_handed_out(shelf: Shelf) -> None:
    sites = ("vdocuments", "fdocuments", "docslib", "docstoc", "zbook", "360docs", "115.com", "fxbaogao", "foodmate")
    assert not [r.id for r in shelf.resources if r.url and any(site in r.url for site in sites)]
    for unlinked in ("cds-guideline", "bc-peer-support-manual", "who-peer-report-2008", "volunteer-regulations"):
        assert shelf.by_id[unlinked].url is None
        assert not shelf.by_id[unlinked].official


def test_topics_are_answers_of_the_faq(shelf: Shelf, knowledge: Knowledge) -> None:
    assert {topic for resource in shelf.resources for topic in resource.topics} <= set(knowledge.library.entries)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_fits_a_message_in_every_language(shelf: Shelf, language: str) -> None:
    for resource in shelf.resources:
        text = card_text(resource, Translator(language, "resources"))  # type: ignore[arg-type]
        assert units(str(text)) < 1500
        assert resource.title_in(language) in text.unescape()  # type: ignore[arg-type]


def test_every_button_fits_into_64_bytes(shelf: Shelf) -> None:
    audience = Listing("audience", AUDIENCES[0], 0)
    longest = max(shelf.by_id, key=len)
    for place in (audience, Listing("search", "9" * 9, 0), Listing("need", "x", 0), Listing("mine", "", 0)):
        assert Show(longest, shortened(place)).pack()
        assert Save("x" * 36, shortened(place), True).pack()
    for need in shelf.needs:
        assert Listing("need", need.category, 99).pack()
        assert Purpose(2**31 - 1, need.category).pack()


@pytest.mark.parametrize("by", ["need", "language", "audience", "search", "mine", "colleagues"])
def test_the_way_back_leads_to_where_one_came_from(by: str) -> None:
    values = {"need": "safety", "language": "zh", "audience": "trainer", "search": "12"}
    listing = Listing(by, values.get(by, ""), 0)
    assert back_to(shortened(listing), need="safety", language="zh") == listing


# What editors do wrong


GOOD = """category: safety
title: {en: Safety, zh: 安全}
resources:
  - id: card
    title: A card
    language: en
    audience: [trainer]
    description: {en: For your pocket., zh: 放在口袋里。}
"""


def problems(folder: Path, **files: str) -> list[str]:
    """What the library's reader says about these files, as `file:line: sentence`."""
    (folder / "resources").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / "resources" / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentInvalid) as caught:
        shelf_module.load([folder])
    return [f"{problem.file.name}:{problem.line}: {problem.sentence}" for problem in caught.value.problems]


def test_a_good_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "safety.yaml").write_text(GOOD, encoding="utf-8")
    assert list(shelf_module.load([tmp_path]).by_id) == ["card"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("    language: en", "    language: fr"), "a.yaml:6: 'language' has to be one of"),
        (("    title: A card", "    title: A card\n    url: www.example"), "a.yaml:6: 'url'"),
        (("    title: A card", "    title: A card\n    url: javascript:alert(1)"), "is not a web address"),
        (("    title: A card", "    title: A card\n    official: true"), "'official' but has no 'url'"),
        (("id: card", "id: shared-7"), "belong to what members share"),
        (("id: card", "id: " + "x" * 37), "'id' is too long"),
        (("audience: [trainer]", "audience: []"), "'audience' has too few"),
        ((", zh: 放在口袋里。", ""), "'zh' is missing"),
        (("    title: A card", "    titel: A card"), "did you mean 'title'?"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(tmp_path: Path, wrong: tuple[str, str], said: str) -> None:
    assert any(said in problem for problem in problems(tmp_path, a=GOOD.replace(*wrong)))


def test_the_same_id_or_category_in_two_files_is_a_mistake(tmp_path: Path) -> None:
    found = problems(tmp_path, a=GOOD, b=GOOD)
    assert "b.yaml:1: 'safety' is already the category of a.yaml." in found
    assert "b.yaml:4: The id 'card' is already used in a.yaml; choose another." in found


def test_check_names_a_broken_file_of_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "safety.yaml").write_text(
        GOOD.replace("title: A card", "titel: A card"), encoding="utf-8"
    )
    monkeypatch.setenv("SMALLWINS_DATA", str(tmp_path))
    result = CliRunner().invoke(app, ["check"])
    assert result.exit_code == 2
    assert "BAD  resources:" in result.stdout
    assert "safety.yaml:5: 'titel' is not a known field; did you mean 'title'?" in result.stdout
    assert "ok   content:" in result.stdout


# Finding


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("TRAINING manual", "idf-peer-leader-manual"),
        ("scales distress", "dds-scale"),
        ("糖尿病痛苦量表", "dds-scale"),
        ("痛苦 量表", "dds-scale"),
        ("志願服務條例", "volunteer-regulations"),
        ("志愿服务的条例", "volunteer-regulations"),
        ("Catholic Relief", "crs-volunteer-guide"),
        ("re-aim", "re-aim-guide"),
        ("１２３５６", "hotline-12356-card"),
        ("distress", "dds-scale"),
        ("1,500 contacts", "move-more-article"),
    ],
)
def test_a_search_finds_by_title_organisation_and_description(shelf: Shelf, words: str, found: str) -> None:
    assert found in [resource.id for resource in shelf.search(words)]


@pytest.mark.parametrize("words", ["计划", "計畫", "項目"])
def test_a_search_is_blind_to_the_script(shelf: Shelf, words: str) -> None:
    assert len(shelf.search(words)) >= 10


def test_every_word_counts_and_titles_come_first(shelf: Shelf) -> None:
    assert not shelf.search("distress xylophone")
    assert shelf.search("manual")[0].title.casefold().count("manual")
    ranks = [resource.rank(["manual"]) for resource in shelf.search("manual")]
    assert ranks == sorted(ranks, key=int)  # type: ignore[arg-type]
    assert {0, 1} <= set(ranks)


@pytest.mark.parametrize("words", ["", "   ", "😀", "?!", "\u202e", "的", "\x00", "\ud800"])
def test_a_search_without_words_finds_nothing(shelf: Shelf, words: str) -> None:
    assert shelf.search(words) == []


def test_resources_are_grouped_by_language_and_reader(shelf: Shelf) -> None:
    assert {resource.language for resource in shelf.in_language("zh")} == {"zh"}
    assert len(shelf.in_language("zh")) + len(shelf.in_language("en")) == len(shelf.resources)
    assert all("trainer" in resource.audience for resource in shelf.for_audience("trainer"))
    assert shelf.for_audience("astronaut") == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("example.org/a", "https://example.org/a"),
        ("http://例子.中国/页", "http://例子.中国/页"),
        ("ftp://example.org", None),
        ("http://localhost/a", None),
        ("https://user:secret@example.org", None),
        ("https://example.org:bad/", None),
        ("https://[", None),
        ("javascript:alert(1)", None),
        ("https://example.org/" + "a" * 1000, None),
        ("https://example.org/\n", None),
    ],
)
def test_only_what_may_stand_on_a_button_is_an_address(text: str, address: str | None) -> None:
    assert web_address(text) == address


def test_addresses_are_compared_without_what_makes_no_difference() -> None:
    plain = same("https://example.org/guide?page=2")
    assert same("http://WWW.Example.org/guide/?utm_source=chat&page=2#top") == plain
    assert same("https://example.org/guide?page=3") != plain
    assert same("https://example.org/Guide?page=2") != plain


# Rules, on both databases


def test_a_list_is_ones_own_and_holds_each_resource_once(database: Database, clock: SetClock) -> None:
    with database.transaction() as db:
        one, other = member(db, 1), member(db, 2)
        assert resources.save(db, one, "card", now=clock())
        assert not resources.save(db, one, "card", now=clock())
        clock.moves(minutes=1)
        resources.save(db, one, "guide", now=clock())
        assert resources.saved_by(db, one) == ["guide", "card"]
        assert resources.saved_by(db, other) == []
        assert resources.unsave(db, one, "card")
        assert not resources.unsave(db, one, "card")
        assert resources.saved_by(db, one) == ["guide"]


def test_the_same_link_or_file_is_recognised_whoever_sends_it(database: Database) -> None:
    with database.transaction() as db:
        one, other = member(db, 1), member(db, 2)
        first = link(db, one)
        again, new = resources.suggest(
            db, by=other, kind=Kind.LINK, title="Mine", url="http://www.example.org/guide/?utm_source=x", now=NOON
        )
        assert (again.id, new) == (first.id, False)
        file, _ = resources.suggest(
            db, by=one, kind=Kind.FILE, title="File", media="photo", file_id="abc", file_unique_id="unique", now=NOON
        )
        twice, new = resources.suggest(
            db, by=other, kind=Kind.FILE, title="File", media="photo", file_id="xyz", file_unique_id="unique", now=NOON
        )
        assert (twice.id, new) == (file.id, False)


def test_two_people_who_suggest_the_same_at_once_make_one_suggestion(database: Database) -> None:
    with database.transaction() as db:
        ids = [member(db, number).id for number in (1, 2)]
    together = Barrier(2)

    def suggests(member_id: int | None) -> bool:
        together.wait(timeout=60)
        with database.transaction() as db:
            by = db.get(Member, member_id)
            assert by is not None
            _shared, new = resources.suggest(
                db, by=by, kind=Kind.LINK, title="A guide", url="https://example.org/guide", now=NOON
            )
            return new

    with ThreadPoolExecutor(2) as threads:
        made = list(threads.map(suggests, ids))
    assert sorted(made) == [False, True]


def test_of_two_organizers_at_once_one_decides(database: Database) -> None:
    with database.transaction() as db:
        shared_id = link(db, member(db, 1)).id or 0
        ids = [member(db, number, Role.ORGANIZER).id for number in (2, 3)]
    together = Barrier(2)

    def decides(member_id: int | None) -> bool:
        together.wait(timeout=60)
        with database.transaction() as db:
            by = db.get(Member, member_id)
            assert by is not None
            verb = resources.approve if member_id == ids[0] else resources.decline
            return verb(resources.get(db, shared_id), by=by, now=NOON)

    with ThreadPoolExecutor(2) as threads:
        won = list(threads.map(decides, ids))
    assert sorted(won) == [False, True]
    with database.reading() as db:
        shared = db.exec(select(SharedResource)).one()
        assert shared.decided_by == ids[won.index(True)]
        assert shared.state is (State.APPROVED if won[0] else State.DECLINED)


def test_only_what_was_approved_is_on_the_shelf_the_most_used_first(database: Database, shelf: Shelf) -> None:
    with database.transaction() as db:
        giver, organizer = member(db, 1), member(db, 2, Role.ORGANIZER)
        first, second, third, _fourth = (link(db, giver, f"https://example.org/{n}", f"Guide {n}") for n in range(4))
        resources.approve(first, by=organizer, now=NOON)
        resources.approve(second, by=organizer, now=NOON)
        resources.decline(third, by=organizer, now=NOON)
        resources.used(db, second)
    with database.reading() as db:
        full = resources.on_shelf(db, shelf)
        assert [resource.title for resource in full.shared()] == ["Guide 1", "Guide 0"]
        assert len(full.resources) == len(shelf.resources) + 2
        assert full.at("http://example.org/1/") == full.by_id[second.resource_id]
        assert [waiting.title for waiting in resources.waiting(db)] == ["Guide 3"]


def test_a_purpose_puts_it_beside_the_reviewed_ones(database: Database, shelf: Shelf) -> None:
    with database.transaction() as db:
        giver, organizer = member(db, 1), member(db, 2, Role.ORGANIZER)
        shared = link(db, giver, title="低血糖卡片")
        resources.file_under(shared, "safety")
        resources.approve(shared, by=organizer, now=NOON)
    with database.reading() as db:
        full = resources.on_shelf(db, shelf)
        assert full.for_need("safety")[-1].title == "低血糖卡片"
        assert full.in_language("zh")[-1].title == "低血糖卡片"
        assert [resource.title for resource in full.search("低血糖 卡片")] == ["低血糖卡片"]


def test_what_was_declined_cannot_be_filed(database: Database) -> None:
    with database.transaction() as db:
        shared = link(db, member(db, 1))
        resources.decline(shared, by=member(db, 2, Role.ORGANIZER), now=NOON)
        with pytest.raises(Outdated):
            resources.file_under(shared, "safety")


@pytest.mark.parametrize(("title", "error"), [("", Unclear), ("  ", Unclear), ("a" * 121, TextTooLong)])
def test_a_title_has_a_length(database: Database, title: str, error: type[Exception]) -> None:
    with database.transaction() as db, pytest.raises(error):
        link(db, member(db, 1), title=title)


def test_only_so_many_suggestions_may_wait(database: Database) -> None:
    with database.transaction() as db:
        giver, organizer = member(db, 1), member(db, 2, Role.ORGANIZER)
        made = [link(db, giver, f"https://example.org/{n}") for n in range(resources.WAITING_LIMIT)]
        assert not resources.may_suggest(db, giver)
        resources.approve(made[0], by=organizer, now=NOON)
        assert resources.may_suggest(db, giver)


@pytest.mark.parametrize("number", [0, -1, 4711, 2**31, 10**40])
def test_an_id_that_there_is_not_is_outdated(database: Database, number: int) -> None:
    with database.transaction() as db:
        with pytest.raises(Outdated):
            resources.get(db, number)
        with pytest.raises(Outdated):
            resources.recall(db, number, member(db, 1))


def test_a_search_is_its_members_own_and_forgotten_after_thirty_days(database: Database) -> None:
    with database.transaction() as db:
        one, other = member(db, 1), member(db, 2)
        search_id = resources.searched(db, one, "  peer   leader ", now=NOON).id or 0
        assert resources.recall(db, search_id, one).words == "peer leader"
        with pytest.raises(Outdated):
            resources.recall(db, search_id, other)
        resources.prune(db, now=NOON + timedelta(days=29))
        assert db.exec(select(ResourceSearch)).all()
        resources.prune(db, now=NOON + timedelta(days=31))
        assert not db.exec(select(ResourceSearch)).all()


def test_who_leaves_is_forgotten_and_what_was_approved_stays(database: Database) -> None:
    with database.transaction() as db:
        giver, organizer = member(db, 1, Role.ORGANIZER), member(db, 2, Role.ORGANIZER)
        approved, _waiting = link(db, giver, "https://example.org/1"), link(db, giver, "https://example.org/2")
        resources.approve(approved, by=giver, now=NOON)
        others = link(db, organizer, "https://example.org/3")
        resources.decline(others, by=giver, now=NOON)
        resources.save(db, giver, "card", now=NOON)
        resources.save(db, organizer, "card", now=NOON)
        resources.searched(db, giver, "guide", now=NOON)
        resources.forget(db, giver)
        people.forget(db, giver)
    with database.reading() as db:
        left = db.exec(select(SharedResource).order_by(SharedResource.address)).all()
        assert [(row.address, row.suggested_by, row.decided_by) for row in left] == [
            ("example.org/1", None, None),
            ("example.org/3", organizer.id, None),
        ]
        assert [saved.member_id for saved in db.exec(select(SavedResource))] == [organizer.id]
        assert not db.exec(select(ResourceSearch)).all()


# Conversations


def opened(town: Town) -> Seat:
    """A trainee at the beginning of the library."""
    seat = town.private(town.trainee)
    seat.says("/resources")
    return seat


def titles(seat: Seat, title: str) -> None:
    """Give what is shared a title, and agree that colleagues have it."""
    seat.says(title)
    seat.taps("I made it: use it, adapt it")


def suggested(town: Town, what: str = "https://example.org/guide", title: str = "A good guide") -> Seat:
    """A trainee who has suggested something."""
    seat = opened(town)
    seat.taps("Suggest one")
    seat.says(what)
    titles(seat, title)
    return seat


def second_organizer(town: Town) -> Seat:
    """One more organizer."""
    return town.private(town.person("Sun Li", "zh-hans", Role.ORGANIZER))


def test_one_goes_from_a_need_to_a_card_and_back_on_one_message(town: Town) -> None:
    seat = opened(town)
    count = len(seat.posts)
    seat.taps("Safety · 4")
    seat.taps("12356, the national hotline for psychological help")
    seat.sees("next to 120 and 110")
    seat.sees("Made for: Peer supporters, Trainers")
    seat.sees("国家卫生健康委（人民网转载） · 2024 · 中文")
    seat.sees("not to the publisher")
    opening = seat.last.buttons[0][0]
    assert opening["text"].endswith("Open")
    assert opening["url"].startswith("http://gs.people.com.cn/")
    seat.taps("Back")
    seat.sees("Safety · 4")
    seat.taps("All resources")
    seat.sees("What do you need?")
    assert len(seat.posts) == count


def test_an_official_page_is_called_so_and_a_copy_has_no_link(town: Town) -> None:
    seat = opened(town)
    seat.taps("Diabetes knowledge · 6")
    seat.taps("Website of the Chinese Diabetes Society")
    seat.sees("the publisher's own page")
    seat.taps("Back")
    seat.taps("Chinese guideline for the prevention and treatment of diabetes (2024 edition)"[:59].rstrip() + "…")
    seat.sees("I have no reliable link for it")
    seat.sees_nothing_of("publisher's own page")
    assert not [button for row in seat.last.buttons for button in row if "url" in button]


def test_long_lists_have_pages(town: Town) -> None:
    seat = opened(town)
    seat.taps("Evidence · 16")
    first = seat.last.buttons[0][0]["text"]
    seat.taps("›")
    assert seat.last.buttons[0][0]["text"] != first
    seat.taps("1")
    assert seat.last.buttons[0][0]["text"] == first


def test_one_can_choose_a_language_and_a_reader(town: Town) -> None:
    seat = opened(town)
    seat.taps("By language")
    seat.taps("中文 · 18")
    seat.taps(seat.last.buttons[0][0]["text"])
    seat.taps("Back")
    seat.sees("中文 · 18")
    seat.taps("All resources")
    seat.taps("By audience")
    label = next(label for label in seat.buttons("Who is it for?") if label.startswith("Leaders"))
    seat.taps(label)
    seat.taps(seat.last.buttons[0][0]["text"])
    seat.taps("Back")
    seat.sees("Leaders")


def test_a_search_waits_for_words_and_can_be_returned_to(town: Town) -> None:
    seat = opened(town)
    seat.taps("Search")
    seat.says("志願服務")
    seat.sees("🔎 志願服務")
    seat.taps("Regulations on voluntary service (State Council decree no. 685)"[:59].rstrip() + "…")
    seat.sees("The state's rules for agreements")
    seat.taps("Back")
    seat.sees("🔎 志願服務")


def test_a_search_can_stand_behind_the_command(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says("/resources diabetes distress")
    seat.sees("🔎 diabetes distress")
    assert any("Diabetes Distress Scale" in label for label in seat.buttons("🔎"))


def test_a_search_that_finds_nothing_offers_another(town: Town) -> None:
    seat = opened(town)
    seat.taps("Search")
    seat.says("xylophone & <b>drums</b>")
    seat.sees("xylophone & <b>drums</b>")
    seat.sees("Nothing found.")
    seat.taps("Search again")
    seat.says("toolkit")
    seat.sees("🔎 toolkit")


def test_a_search_for_a_picture_asks_for_words_and_keeps_waiting(town: Town) -> None:
    seat = opened(town)
    seat.taps("Search")
    town.world.send_photo(town.trainee, seat.chat, b"picture")
    town.settle()
    seat.sees(sentence(Unclear("words"), Translator("en")))
    seat.says("toolkit")
    seat.sees("🔎 toolkit")


def test_who_looks_on_is_no_longer_asked_for_words(town: Town) -> None:
    seat = opened(town)
    seat.taps("Search")
    seat.taps("All resources")
    seat.says("How do we find our first peer supporter? Why look for just one?")
    seat.sees("A small step this week")


def test_saving_is_seen_on_the_card_and_in_the_list(town: Town) -> None:
    seat = opened(town)
    seat.taps("My list")
    seat.sees("Your list is empty")
    seat.taps("All resources")
    seat.taps("Safety · 4")
    seat.taps("Preventing suicide: a community engagement toolkit")
    assert "Saved" in (seat.taps("Save").text or "")
    assert "★ Saved ✓" in seat.buttons("Preventing suicide")
    seat.taps("Back")
    seat.taps("All resources")
    seat.taps("My list")
    seat.taps("Preventing suicide: a community engagement toolkit")
    seat.taps("Saved ✓")
    assert "☆ Save" in seat.buttons("Preventing suicide")
    seat.taps("Back")
    seat.sees("Your list is empty")


def test_a_group_is_shown_the_way_to_the_private_chat(town: Town) -> None:
    seat = town.seat(town.trainee, town.group)
    seat.says("/resources")
    seat.sees("open our private chat")
    assert not seat.last.buttons


def test_a_reader_of_traditional_chinese_gets_it_in_their_script(town: Town) -> None:
    seat = town.private(town.other_trainee)
    seat.says("/resources 量表")
    seat.taps("糖尿病困擾量表（DDS）計分說明")
    seat.sees("Diabetes Distress Scale (17 items), scoring page")
    seat.sees("供醫護人員使用")
    assert [label for label in seat.buttons("供醫護人員使用") if label.endswith("收藏")]


def test_a_suggestion_is_decided_by_an_organizer_and_then_found_by_everybody(town: Town) -> None:
    giver = suggested(town)
    giver.sees("I sent “A good guide” to the organizers")
    giver.taps("Train peer supporters")
    giver.sees("“A good guide” will be listed under Train peer supporters")
    organizer = town.private(town.organizer)
    organizer.sees("Li Wei suggests this for the library")
    organizer.taps("Approve")
    organizer.sees("✅ Approved by Zhao Lei.")
    giver.sees("🎉 “A good guide” is in the library now")
    giver.taps("Show it")
    assert giver.last.buttons[0][0]["url"] == "https://example.org/guide"
    other = town.private(town.second_consultant)
    other.says("/resources")
    other.taps("Train peer supporters · 11")
    other.taps("›")
    other.taps("A good guide")
    other.sees("Shared by a colleague")
    other.sees_nothing_of("Li Wei")
    with town.database.reading() as db:
        assert db.exec(select(SharedResource.uses)).one() == 2


def test_a_declined_suggestion_is_told_kindly_and_found_by_nobody(town: Town) -> None:
    giver = suggested(town)
    town.private(town.organizer).taps("Decline")
    giver.sees("Thank you for suggesting “A good guide”")
    giver.says("/resources good guide")
    giver.sees_nothing_of("🎉")
    assert "A good guide" not in giver.buttons("🔎")


def test_the_second_organizer_hears_who_was_first(town: Town) -> None:
    second = second_organizer(town)
    giver = suggested(town)
    stale = second.sees("Li Wei")
    data = stale.buttons[0][1]["callback_data"]
    town.private(town.organizer).taps("Approve")
    second.sees("✅ Zhao Lei已通过。")
    tap = town.world.tap(second.person, second.chat, stale.id, data, stale=True)
    town.settle()
    assert tap.text == "Zhao Lei已经处理过了。"
    assert len([text for text in giver.texts if "🎉" in text]) == 1
    giver.sees_nothing_of("decided not to")


def test_only_organizers_decide(town: Town) -> None:
    giver = suggested(town)
    for data in ("resources.decide:1:1", "resources.look:1", "resources.waiting"):
        tap = town.world.tap(giver.person, giver.chat, giver.last.id, data, stale=True)
        town.settle()
        assert tap.text == sentence(NotAllowed(Role.ORGANIZER), Translator("en"))
    with town.database.reading() as db:
        assert db.exec(select(SharedResource.state)).one() is State.WAITING


def test_a_guest_may_read_but_not_suggest(town: Town) -> None:
    guest = town.private(town.person("Guest", "en"))
    guest.starts()
    guest.says("/resources")
    tap = guest.taps("Suggest one")
    assert tap.text == sentence(NotAllowed(Role.TRAINEE), Translator("en"))


@pytest.mark.parametrize("kind", ["photo", "document", "video", "audio", "voice", "animation"])
def test_a_file_goes_to_the_organizer_and_later_to_colleagues(town: Town, kind: str) -> None:
    giver = opened(town)
    giver.taps("Suggest one")
    sent = town.world.send_file(town.trainee, giver.chat, kind, b"content", caption="our card <3")
    town.settle()
    titles(giver, "Pocket card")
    organizer = town.private(town.organizer)
    assert kind in organizer.posts[-2].message
    organizer.sees("our card <3")
    organizer.taps("Approve")
    other = town.private(town.second_consultant)
    other.says("/resources pocket card")
    other.taps("Pocket card")
    other.taps("Send me the file")
    assert kind in other.last.message
    assert other.last.text == "Pocket card"
    assert _unique_id(other.last.message[kind]) == _unique_id(sent.message[kind])


def _unique_id(file: object) -> str:
    """The file's id of a message's field; of a photo's sizes, the largest."""
    largest = file[-1] if isinstance(file, list) else file
    assert isinstance(largest, dict)
    return str(largest["file_unique_id"])


def test_words_are_shared_with_their_formatting(town: Town) -> None:
    seat = opened(town)
    seat.taps("Suggest one")
    words = "Start with one <person>.\nThen rest."
    town.world.say(town.trainee, seat.chat, words, entities=[{"type": "bold", "offset": 0, "length": 5}])
    town.settle()
    titles(seat, "What helped me")
    town.private(town.organizer).taps("Approve")
    seat.taps("Show it")
    shown = seat.sees("🤝")
    start = shown.text.index(words)
    assert {"type": "bold", "offset": start, "length": 5} in shown.message["entities"]
    assert any(entity["type"] == "blockquote" for entity in shown.message["entities"])


@pytest.mark.parametrize(
    "content", [{"location": {"latitude": 1.0, "longitude": 2.0}}, {"dice": {"emoji": "🎲", "value": 3}}]
)
def test_what_cannot_be_kept_is_said_and_one_may_try_again(town: Town, content: dict[str, object]) -> None:
    seat = opened(town)
    seat.taps("Suggest one")
    town.world.send_content(town.trainee, seat.chat, content)
    town.settle()
    seat.sees("I can take a link, a file, a photo or words.")
    seat.says("https://example.org/guide")
    seat.sees("What title should")


def test_what_is_there_already_is_shown_instead(town: Town) -> None:
    seat = opened(town)
    seat.taps("Suggest one")
    seat.says(
        "http://www.england.nhs.uk/long-read/the-six-principles-of-good-peer-support-for-people"
        "-living-with-type-1-diabetes/?utm_source=chat"
    )
    seat.sees("The library already has this")
    seat.taps("Show it")
    seat.sees("The six principles of good peer support")


def test_the_same_suggestion_again_is_told_where_it_stands(town: Town) -> None:
    seat = suggested(town)
    seat.says("/resources")
    seat.taps("Suggest one")
    seat.says("www.example.org/guide/")
    seat.sees("This has already been suggested")
    organizer = town.private(town.organizer)
    organizer.taps("Decline")
    seat.says("/resources")
    seat.taps("Suggest one")
    seat.says("https://example.org/guide#part")
    seat.sees("decided not to add it")
    assert len([text for text in organizer.texts if "suggests this for the library" in text]) == 1


def test_a_suggestion_too_long_is_not_lost(town: Town) -> None:
    seat = opened(town)
    seat.taps("Suggest one")
    seat.says("a word " * 300)
    seat.sees("1,500")
    town.world.send_album(seat.person, seat.chat, [b"1", b"2", b"3"])
    town.settle()
    seat.sees("I took the first file of these. Please suggest the others one by one.")
    seat.says("/resources")
    seat.taps("Suggest one")
    seat.says("https://example.org/guide")
    seat.says("long " * 40)
    seat.sees("120")
    titles(seat, "A short title")
    seat.sees("I sent “A short title” to the organizers")


def test_a_suggestion_survives_a_restart_in_the_middle(town: Town) -> None:
    seat = opened(town)
    seat.taps("Suggest one")
    seat.says("https://example.org/guide")
    town.restarts()
    titles(seat, "A good guide")
    seat.sees("I sent “A good guide” to the organizers")


def test_cancel_ends_a_suggestion(town: Town) -> None:
    seat = opened(town)
    seat.taps("Suggest one")
    seat.says("/cancel")
    seat.says("https://example.org/guide")
    with town.database.reading() as db:
        assert not db.exec(select(SharedResource)).all()


def test_what_waits_can_be_decided_later(town: Town) -> None:
    town.world.block(town.organizer)
    town.settle()
    suggested(town)
    organizer = town.private(town.organizer)
    organizer.starts()
    organizer.says("/resources")
    organizer.taps("To decide · 1")
    organizer.taps("A good guide")
    organizer.taps("Approve")
    organizer.sees("✅ Approved by Zhao Lei.")
    organizer.says("/resources")
    assert not [label for label in organizer.buttons("What do you need?") if "To decide" in label]


def test_a_file_that_waits_is_sent_before_its_card(town: Town) -> None:
    seat = opened(town)
    seat.taps("Suggest one")
    town.world.send_document(town.trainee, seat.chat, b"content", "plan.pdf", mime_type=PDF)
    town.settle()
    titles(seat, "Our plan")
    organizer = second_organizer(town)
    organizer.says("/resources")
    organizer.taps("待处理 · 1")
    organizer.taps("Our plan")
    assert "document" in organizer.posts[-2].message
    organizer.taps("通过")
    organizer.sees("✅ Sun Li已通过。")


def test_only_the_giver_says_what_a_suggestion_is_for(town: Town) -> None:
    suggested(town)
    other = town.private(town.second_consultant)
    other.says("/resources")
    tap = town.world.tap(other.person, other.chat, other.last.id, "resources.purpose:1:safety", stale=True)
    town.settle()
    assert tap.text == sentence(NotYours(""), Translator("en"))
    with town.database.reading() as db:
        assert db.exec(select(SharedResource.purpose)).one() is None


def test_my_data_names_it_and_forget_deletes_it(town: Town) -> None:
    seat = suggested(town)
    seat.says("/resources toolkit")
    seat.taps("Community Tool Box") if "Community Tool Box" in seat.buttons("🔎") else seat.taps(seat.buttons("🔎")[0])
    seat.taps("Save")
    seat.says("/mydata")
    stored = town.world.files.find(seat.last.message["document"]["file_id"])
    assert stored is not None
    data = json.loads(stored.content)["resources"]
    assert len(data["saved"]) == 1
    assert [search["words"] for search in data["searches"]] == ["toolkit"]
    assert [(row["title"], row["url"]) for row in data["suggested"]] == [("A good guide", "https://example.org/guide")]
    seat.says("/forget")
    seat.taps("Delete everything")
    organizer = town.private(town.organizer)
    tap = organizer.taps("Approve")
    assert tap.text == OLD
    with town.database.reading() as db:
        assert not db.exec(select(SharedResource)).all()
        assert not db.exec(select(SavedResource)).all()


NO_BUTTON = (
    "resources.card:nothing:",
    "resources.card:shared-1:c",
    "resources.card:shared-99999999999999999999:c",
    "resources.card:card",
    "resources.card:cds-website:zz",
    "resources.card:cds-website:a9",
    "resources.card:cds-website:a²",
    "resources.card:cds-website:s99999999999999999999",
    "resources.save:nothing::1",
    "resources.save:cds-website::2",
    "resources.save:shared-1::1",
    "resources.list:need:astronautics:0",
    "resources.list:search:1:0",
    "resources.list:search:-1:0",
    "resources.list:search:99999999999999999999:0",
    "resources.list:nonsense::0",
    "resources.list:need:safety:x",
    "resources.fetch:1",
    "resources.fetch:99999999999999999999",
    "resources.purpose:2:safety",
    "resources.purpose:1:astronautics",
    "resources.what",
)
"""Callback data of our prefixes that no button ever had, or none any more."""


def test_data_that_no_button_has_leads_nowhere(town: Town) -> None:
    seat = suggested(town)
    for data in NO_BUTTON:
        tap = town.world.tap(seat.person, seat.chat, seat.last.id, data, stale=True)
        town.settle()
        assert tap.text == OLD, data
    with town.database.reading() as db:
        assert not db.exec(select(SavedResource)).all()
        assert db.exec(select(SharedResource.purpose)).one() is None


@pytest.mark.parametrize("page", ["-5", "99", "99999999999999999999"])
def test_a_page_beyond_the_list_is_its_nearest(town: Town, page: str) -> None:
    seat = opened(town)
    town.world.tap(seat.person, seat.chat, seat.last.id, f"resources.list:need:safety:{page}", stale=True)
    town.settle()
    seat.sees("Safety · 4")


def test_what_left_the_library_leaves_the_list(database: Database, shelf: Shelf) -> None:
    with database.transaction() as db:
        one = member(db, 1)
        resources.save(db, one, "gone-since", now=datetime.now(tz=NOON.tzinfo))
        assert [shelf.by_id[saved] for saved in resources.saved_by(db, one) if saved in shelf.by_id] == []


def test_a_resource_without_a_description_has_a_card(shelf: Shelf) -> None:
    text = card_text(Resource("shared-1", "<b>Bold & co</b>", "en"), Translator("en", "resources"))
    assert "&lt;b&gt;Bold &amp; co&lt;/b&gt;" in text
