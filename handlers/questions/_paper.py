"""A transcript on paper: the facts above, then every message with its time and author; as text and as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from bot.features.people import Member
from bot.features.questions import Line, Question, Side, State, Transcript
from bot.i18n import OWN_NAMES, Language, Translator
from handlers._kit import as_html, as_language


@dataclass(frozen=True)
class Block:
    """One message on paper: who said it when, what, and remarks below."""

    who: str
    when: str
    side: Side
    words: str
    formatted: Markup
    remarks: tuple[str, ...]
    withdrawn: bool


@dataclass(frozen=True)
class Sheet:
    """Everything that is printed, in the reader's language."""

    title: str
    facts: tuple[str, ...]
    blocks: tuple[Block, ...]


def sheet(told: Transcript, subject: str, reader: Member | None, t: Translator) -> Sheet:
    """Put a transcript into words; `reader` is the asker, where it is for them."""
    question = told.question
    title = " · ".join(part for part in (question.label, subject) if part)
    blocks = tuple(_block(line, reader, t) for line in told.lines)
    return Sheet(title, tuple(_facts(told, t)), blocks)


def _facts(told: Transcript, t: Translator) -> list[str]:
    question = told.question
    facts = [
        t.label("Language of the question: {language}", language=OWN_NAMES[as_language(question.language)]),
        t.label("State: {state}", state=_state(question, t)),
    ]
    if told.main is not None:
        facts.append(t.label("Answered together with {label}", label=told.main.label))
    if question.rating is not None:
        facts.append(t.label("Rating: {rating} of 5", rating=question.rating))
    if question.rating_note:
        facts.append("“" + question.rating_note + "”")
    return [*facts, t.label("Times: {zone}", zone=t.zone)]


def _state(question: Question, t: Translator) -> str:
    if question.taken_back_at is not None:
        return t.label("taken back by the asker")
    if question.state is State.CLOSED:
        return t.label("solved") if question.solved else t.label("closed")
    return t.label("answered") if question.state is State.ANSWERED else t.label("open")


def _block(line: Line, reader: Member | None, t: Translator) -> Block:
    words = line.text or ("" if line.media else _silence(line, t))
    formatted = as_html(line.text, line.entities) if line.text else Markup("{}").format(words)
    return Block(
        _who(line, reader, t), _when(line.said_at, t), line.side, words, formatted, tuple(_remarks(line, t)), line.withdrawn
    )


def _silence(line: Line, t: Translator) -> str:
    return t.label("(taken back)") if line.withdrawn else t.label("(no words)")


def _who(line: Line, reader: Member | None, t: Translator) -> str:
    if line.anonymous:
        return t.label("anonymous")
    if reader is not None and line.author is not None and line.author.id == reader.id:
        return t.label("You")
    name = line.author.shown_name if line.author is not None else t.label("somebody who has left")
    if line.side is Side.BACK:
        return t.label("{name} (asking back)", name=name)
    return t.label("{name} (note among consultants)", name=name) if line.side is Side.NOTE else name


def _when(moment: datetime, t: Translator) -> str:
    return t.datetime(moment)


def _remarks(line: Line, t: Translator) -> list[str]:
    remarks = []
    if line.media:
        kind = media_name(line.media, t)
        remarks.append("📎 " + (f"{kind}: {line.file_name}" if line.file_name else kind))
    if line.withdrawn and line.text:
        remarks.append(t.label("This was taken back later."))
    remarks += [
        t.label("Until {when} it said: {words}", when=_when(old.until, t), words=old.text or t.label("(no words)"))
        for old in line.earlier
    ]
    return remarks


def media_name(kind: str, t: Translator) -> str:
    """A kind of message in words."""
    return {
        "photo": t.label("photo"),
        "document": t.label("document"),
        "voice": t.label("voice message"),
        "video": t.label("video"),
        "audio": t.label("audio file"),
        "animation": t.label("animation"),
        "video_note": t.label("video message"),
        "sticker": t.label("sticker"),
        "location": t.label("location"),
        "venue": t.label("place"),
        "contact": t.label("contact"),
    }.get(kind, kind)


def as_text(paper: Sheet) -> str:
    """The sheet as plain text."""
    blocks = ["\n".join([paper.title, *paper.facts])]
    for block in paper.blocks:
        remarks = [f"  {remark}" for remark in block.remarks]
        blocks.append("\n".join(part for part in (f"[{block.when}] {block.who}", block.words, *remarks) if part))
    return "\n\n".join(blocks) + "\n"


_STYLE = """
:root { color-scheme: light dark; --ink: #1c2733; --quiet: #5c6b7a; --paper: #f3f5f8; --card: #fff; --edge: #d8dfe6;
  --asker: #2f6fb3; --consultant: #22794f; --note: #8a6a14; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf2; --quiet: #a3b0bd; --paper: #12181f; --card: #1c242d;
  --edge: #33404d; --asker: #7db4ee; --consultant: #6cc79b; --note: #dcb85a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 44rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 1.25rem; line-height: 1.3; margin: .5rem 0; }
ul { list-style: none; margin: 0 0 1.25rem; padding: 0; color: var(--quiet); font-size: .9rem; }
article { background: var(--card); border: 1px solid var(--edge); border-left: 4px solid var(--edge); border-radius: .5rem;
  margin: 0 0 .75rem; padding: .6rem .8rem; overflow-wrap: anywhere; }
article.asker { border-left-color: var(--asker); } article.consultant, article.back { border-left-color: var(--consultant); }
article.note { border-left-color: var(--note); border-style: dashed; border-left-style: solid; }
header { display: flex; flex-wrap: wrap; gap: 0 .75rem; justify-content: space-between; font-size: .85rem; }
header b { font-weight: 600; } time, footer { color: var(--quiet); } footer { font-size: .85rem; }
.words { white-space: pre-wrap; margin: .3rem 0 0; } .withdrawn .words { text-decoration: line-through; }
footer p { margin: .3rem 0 0; white-space: pre-wrap; } blockquote { border-left: 3px solid var(--edge); margin: .3rem 0;
  padding-left: .6rem; } a { color: inherit; } pre { white-space: pre-wrap; }
@media print { body { background: none; } article { break-inside: avoid; } }
"""

_PAGE = Markup(
    '<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    # nothing in what people wrote may load or run anything, wherever the file is opened
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<ul>\n{facts}</ul>\n{blocks}"
    "</body>\n</html>\n"
)
_ARTICLE = Markup(
    '<article class="{kind}">\n<header><b>{who}</b><time>{when}</time></header>\n{words}{footer}</article>\n'
)
_LANG = {"en": "en", "zh_Hans": "zh-Hans", "zh_Hant": "zh-Hant"}


def as_page(paper: Sheet, language: Language) -> str:
    """The sheet as one HTML file that needs nothing else."""
    facts = Markup("").join(Markup("<li>{}</li>\n").format(fact) for fact in paper.facts)
    blocks = Markup("").join(_article(block) for block in paper.blocks)
    return str(
        _PAGE.format(lang=_LANG[language], title=paper.title, style=Markup(_STYLE), facts=facts, blocks=blocks)
    )


def _article(block: Block) -> Markup:
    remarks = Markup("").join(Markup("<p>{}</p>").format(remark) for remark in block.remarks)
    return _ARTICLE.format(
        kind=f"{block.side}{' withdrawn' if block.withdrawn else ''}",
        who=block.who,
        when=block.when,
        words=Markup('<div class="words">{}</div>\n').format(block.formatted) if block.words else "",
        footer=Markup("<footer>{}</footer>\n").format(remarks) if remarks else "",
    )
