"""The catalogues against the code: every sentence has its wording, and each wording keeps what is filled in."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords
from opencc import OpenCC

from bot.app import FEATURES
from bot.features.people import Role
from bot.features.questions import Question
from bot.i18n import LANGUAGES, OWN_NAMES, Language, Translator, read_catalogue, words
from handlers.people._commands import menu_rows
from handlers.questions._asker import end_buttons
from handlers.questions._asking import ask_button, confirmation

Key = tuple[str, str]
Wording = tuple[Key, str]

ROOT = Path(__file__).parents[2]
CHINESE: tuple[Language, ...] = ("zh_Hans", "zh_Hant")
COMMANDS = sorted({command for feature in FEATURES for command in feature.commands}, key=len, reverse=True)
COMMAND = re.compile(rf"/(?:{'|'.join(COMMANDS)}|\{{command\}})|@\{{username\}}")
KEPT = re.compile(rf"{COMMAND.pattern}|<[^>]+>|Q?\{{\w+\}}|[\n•\u2190-\u2bff\U0001f300-\U0001faff]")
"""Commands, tags, placeholders, question numbers, line ends and icons: the same in every language."""

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@cache
def extracted() -> dict[Key, str | None]:
    """What Babel finds in the code: (context, singular) → plural."""
    found: dict[Key, str | None] = {}
    for _file, _line, message, _comments, context in extract_from_dir(
        ROOT,
        method_map=[("handlers/**.py", "bot.i18n:extract")],
        keywords=DEFAULT_KEYWORDS | parse_keywords(["t", "n:1,2", "label"]),
        directory_filter=lambda folder: not Path(folder).name.startswith("."),
    ):
        singular, plural = message if isinstance(message, tuple) else (message, None)
        found[context or "", singular] = plural
    return found


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call of `t`, `n` and `label` in the handlers, with the feature that makes it, as Python itself sees it."""
    for file in sorted((ROOT / "handlers").rglob("*.py")):
        feature = file.stem if file.parent.name == "handlers" else file.parent.name
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (
                (isinstance(node.func, ast.Name) and node.func.id == "t")
                or (isinstance(node.func, ast.Attribute) and node.func.attr in ("t", "n", "label"))
            ):
                yield feature, node


def messages(language: Language) -> dict[Key, Message]:
    """What a catalogue's file says, without its header."""
    return {
        (message.context or "", message.id[0] if isinstance(message.id, (tuple, list)) else message.id): message
        for message in read_catalogue(language)
        if message.id
    }


def forms(said: str | Sequence[str]) -> list[str]:
    """A wording's forms: one, or one for each plural."""
    return [said] if isinstance(said, str) else list(said)


def wordings(*languages: Language) -> list[Wording]:
    """Every form of every sentence as members read it, derived ones included."""
    return [
        (key, form) for language in languages for key, said in words(language).messages.items() for form in forms(said)
    ]


def english(key: Key) -> str:
    """The sentence in the code; of two forms, the one that names the number."""
    return extracted()[key] or key[1]


def test_the_extraction_finds_every_sentence_that_the_code_says() -> None:
    said = {(feature, call.args[0].value) for feature, call in calls() if isinstance(call.args[0], ast.Constant)}
    assert said == set(extracted())
    assert {"_kit", "_entries", "faq", "groups", "people", "questions"} <= {context for context, _ in said}


def test_no_sentence_is_put_together_where_the_extraction_cannot_see_it() -> None:
    hidden = [
        f"{feature}:{call.lineno} {ast.unparse(call)}"
        for feature, call in calls()
        if not call.args or not isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []


def test_every_sentence_has_a_wording_in_simplified_chinese() -> None:
    assert set(extracted()) - set(words("zh_Hans").messages) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_catalogue_holds_what_the_code_no_longer_says(language: Language) -> None:
    catalogue = read_catalogue(language)
    assert set(messages(language)) - set(extracted()) == set()
    assert not catalogue.obsolete
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_the_code_is_the_english_catalogue() -> None:
    assert messages("en") == {}


@pytest.mark.parametrize("language", CHINESE)
def test_plural_forms_are_complete(language: Language) -> None:
    forms = read_catalogue(language).num_plurals
    for (context, singular), message in messages(language).items():
        if extracted()[context, singular] is None:
            assert isinstance(message.string, str), singular
            assert message.string, singular
        else:
            assert isinstance(message.string, tuple), singular
            assert len(message.string) == forms, singular
            assert all(message.string), singular


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [0, 1, 2, 1000])
def test_a_number_is_said_in_every_language(language: Language, number: int) -> None:
    t = Translator(language)
    plurals = [(key, plural) for key, plural in extracted().items() if plural is not None]
    assert plurals
    for (context, singular), plural in plurals:
        names = {name for _, name, _, _ in Formatter().parse(singular + plural) if name and name != "n"}
        said = t.of(context).n(singular, plural, number, **dict.fromkeys(names, "x"))
        assert t.number(number) in said or (number == 1 and "{n}" not in singular)


@pytest.mark.parametrize("language", CHINESE)
def test_what_is_filled_in_and_marked_up_is_the_same_in_every_language(language: Language) -> None:
    for key, text in wordings(language):
        assert Counter(KEPT.findall(text)) == Counter(KEPT.findall(english(key))), (key, text)
        tags = [re.findall(r"<[^>]+>", said) for said in (text, english(key))]
        assert tags[0] == tags[1], (key, text)


def test_every_command_that_is_named_exists() -> None:
    named = {name for _context, msgid in extracted() for name in re.findall(r"(?<![\w<])/([a-z]+)", msgid)}
    assert named
    assert named <= set(COMMANDS)


def test_a_command_stands_free_so_that_telegram_makes_it_a_link() -> None:
    stuck = [
        text
        for key, text in wordings(*CHINESE)
        for found in COMMAND.finditer(text)
        if text[: found.start()][-1:].isalnum() or text[found.end() :][:1].isalnum()
    ]
    assert stuck == []


def test_no_simplified_character_is_left_in_traditional_chinese() -> None:
    simplified = OpenCC("s2t")

    def only_simplified(character: str) -> bool:
        in_taiwan = character.encode("big5", "ignore") != b""  # 里, 后, 台 … are characters of their own there
        return simplified.convert(character) != character and not in_taiwan

    assert only_simplified("们")
    assert not only_simplified("里")
    left = [(text, "".join(filter(only_simplified, text))) for _key, text in wordings("zh_Hant")]
    assert [pair for pair in left if pair[1]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_choice_of_language_is_confirmed_in_that_language(language: Language) -> None:
    assert OWN_NAMES[language] in Translator(language, "people")("From now on I write to you in English.")


def test_chinese_sentences_have_chinese_punctuation() -> None:
    for _key, text in wordings(*CHINESE):
        bare = re.sub(r"<[^>]+>", "", text)
        assert not re.search(r"[\u4e00-\u9fff}][,;:!?()]|[\u4e00-\u9fff}]\.(?:\s|$)|[\"']", bare), text
    assert not [text for _key, text in wordings("zh_Hans") if re.search("[「」『』]", text)]
    assert not [text for _key, text in wordings("zh_Hant") if re.search("[“”‘’]", text)]


def test_members_are_addressed_in_one_way() -> None:
    assert [text for _key, text in wordings(*CHINESE) if "你" in text] == []


@pytest.mark.parametrize("language", CHINESE)
def test_a_sentence_that_quotes_a_button_says_its_label(language: Language) -> None:
    said = words(language)
    labels: dict[str, set[str]] = {}
    for context, msgid in extracted():
        labels.setdefault(msgid, set()).add(said.one(context, msgid))
    quoted = [
        (key, text, name)
        for key, text in wordings(language)
        for name in re.findall(r"<b>([^<]+)</b>|“([^”]+)”", english(key))
        for name in name
        if name in labels
    ]
    assert len(quoted) >= 3
    for key, text, name in quoted:
        assert any(f"{mark}{label}" in text for label in labels[name] for mark in (">", "“", "「")), (key, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusals_fit_into_the_answer_to_a_tap_with_a_long_name(language: Language) -> None:
    said = words(language)
    texts = [said.one(*key) for key, plural in extracted().items() if key[0] == "_kit" and plural is None]
    assert texts
    assert [text for text in texts if len(text) > 200 - 60] == []


@pytest.mark.parametrize("role", Role)
def test_the_command_menu_is_the_same_in_every_language(role: Role) -> None:
    menus = [menu_rows(role, Translator(language)) for language in LANGUAGES]
    assert len({tuple(command for command, _what in menu) for menu in menus}) == 1
    assert all(1 <= len(what) <= 256 for menu in menus for _command, what in menu)


def test_a_button_says_another_word_but_does_the_same_in_every_language() -> None:
    question = Question(
        id=12, number=12, text="", language="en", chat_id=1, message_id=1, asker_id=1, created_at=NOON, entities=[]
    )
    keyboards = []
    for language in LANGUAGES:
        t = Translator(language, "questions")
        sending = confirmation(question, t, consented=True).buttons
        buttons = [ask_button(7, t), *(button for row in [*sending, *end_buttons(question, t)] for button in row)]
        keyboards.append([button.as_json() for button in buttons])
    assert len({tuple(button["callback_data"] for button in keyboard) for keyboard in keyboards}) == 1
    assert len({tuple(button["text"] for button in keyboard) for keyboard in keyboards}) == len(LANGUAGES)
