"""Small talk as its editors wrote it: what is said in greeting, in thanks and the like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, get_args

from bot import content
from bot.content import Content
from bot.features.faq.content import About, Library, Spoken
from bot.search.small_talk import OTHER, SmallTalk, SmallTalkLine

Sort = Literal["greeting", "thanks", "bot", "about", "more", "farewell", "unhappy"]
"""Hello; thank you; who is talking; what can you do; tell me more; goodbye; that was no use."""


class SmallTalkFile(Content):
    """A file data/matching/small-talk*.yaml: lines by what the bot says in return."""

    greeting: Spoken = Spoken()
    thanks: Spoken = Spoken()
    bot: Spoken = Spoken()
    about: Spoken = Spoken()
    more: Spoken = Spoken()
    farewell: Spoken = Spoken()
    unhappy: Spoken = Spoken()

    def lines(self) -> Iterator[SmallTalkLine]:
        """Every line with its sort."""
        for sort in get_args(Sort):
            spoken: Spoken = getattr(self, sort)
            for line in (*spoken.en, *spoken.zh):
                yield SmallTalkLine(line.text if isinstance(line, About) else line, sort)


def load(folders: Sequence[Path], library: Library) -> SmallTalk:
    """Learn small talk from its files and from the library; raises ContentInvalid with every mistake."""
    files = content.load_all(SmallTalkFile, folders, "matching/small-talk*.yaml")
    lines = [line for one in files for line in one.content.lines()]
    known, corpus = {line.text for line in lines}, library.corpus()
    lines += [
        SmallTalkLine(line.text, OTHER) for line in corpus.bank if line.kind == "chitchat" and line.text not in known
    ]
    ordinary = [line.text for line in corpus.bank if line.kind != "chitchat"]
    ordinary += [text for document in corpus.documents for text in (document.question, *document.variants)]
    return SmallTalk(lines, ordinary)
