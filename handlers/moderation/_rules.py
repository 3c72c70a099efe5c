"""The groups' rules: /rules everywhere, and organizers write them in each language."""

from __future__ import annotations

from markupsafe import Markup

from bot.features import groups, moderation
from bot.features.people import Role
from bot.i18n import LANGUAGES, OWN_NAMES, Language
from handlers._kit import Button, Deed, Request, Screen, as_html, as_language, said
from handlers.moderation._feature import EditRules, Held, Log, UsualRules, feature


@feature.command("rules", in_groups=True)
def show_rules(request: Request) -> Screen:
    """What holds in the groups: in a group in its language, else in the reader's."""
    group = None if request.heard.private else groups.find(request.db, request.chat_id)
    return Screen(rules_text(request, group.language if group is not None else request.me.language), quiet=True)


def rules_text(deed: Deed, language: Language) -> Markup:
    """The rules in a language: as organizers wrote them, or the usual ones."""
    t = deed.words(language=language).of("moderation")
    written = moderation.rules(deed.db, language)
    heading = t("<b>The rules of our groups</b>")
    if written is not None:
        return heading + Markup("\n") + as_html(written.text, written.entities)
    return (
        heading
        + Markup("\n")
        + t(
            "• We talk about peer support for people living with diabetes.\n"
            "• Every question is welcome; we answer as we would like to be answered.\n"
            "• Nothing about patients that could show who they are: no names, no photos, no reports.\n"
            "• No advertising.\n"
            "• Is something not all right? Reply to it with /report; only the organizers see that."
        )
    )


def settings_rows(request: Request) -> list[list[Button]]:
    """What organizers find under /settings in private: rules, what waits, and the log."""
    t = request.t.of("moderation")
    rules = [Button(t.label("Rules: {language}", language=OWN_NAMES[code]), EditRules(code)) for code in LANGUAGES]
    rows = [[button] for button in rules]
    if moderation.waiting(request.db, limit=1):
        rows.append([Button(t.label("Messages that wait"), Held())])
    return [*rows, [Button(t.label("Log"), Log(0))]]


@feature.tap(EditRules, role=Role.ORGANIZER)
def edit_rules(request: Request, tap: EditRules) -> Screen:
    """Show what holds in a language and wait for other words."""
    language, t = as_language(tap.language), request.t
    request.me.expects("moderation.rules", language=language)
    rows = []
    if moderation.rules(request.db, language) is not None:
        rows = [[Button(t.label("Back to the usual rules"), UsualRules(language))]]
    text = t(
        "This holds now ({language}). To change it, send me the rules as one message.", language=OWN_NAMES[language]
    )
    return Screen(text + Markup("\n\n") + rules_text(request, language), buttons=rows, edit=True)


@feature.step("rules", role=Role.ORGANIZER)
def write_rules(request: Request) -> Screen:
    """Other rules hold from now on; raises Unclear or TextTooLong, and they can be sent again."""
    language, t = as_language(request.pending["language"]), request.t
    content = said(request.message)
    words = content.text if content.media is None else ""
    moderation.write_rules(request.db, language, words, content.entities, by=request.me, now=request.now)
    return Screen(t("From now on this holds:") + Markup("\n\n") + rules_text(request, language))


@feature.tap(UsualRules, role=Role.ORGANIZER)
def usual_rules(request: Request, tap: UsualRules) -> Screen:
    """The usual rules hold again."""
    language, t = as_language(tap.language), request.t
    request.me.pending = None
    moderation.reset_rules(request.db, language)
    return Screen(t("From now on this holds:") + Markup("\n\n") + rules_text(request, language), edit=True)
