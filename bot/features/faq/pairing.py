"""The two languages of an entry are kept together: which of them changed since they were last read side by side.

`checked.json` of a content folder holds, for each entry, a hash of either language. A folder of one's own adds to the
shipped one, entry by entry.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import content
from bot.errors import ContentInvalid, ContentProblem
from bot.features.faq.content import Category, Entry, Library, WrittenWording

CHECKED = "checked.json"
Pairs = dict[str, dict[str, str]]
NAMES = {"en": "English", "zh": "Chinese"}


@dataclass(frozen=True)
class Apart:
    """An entry of which one language changed, and the other is to be checked."""

    entry_id: str
    changed: str

    @property
    def other(self) -> str:
        """The language that is to be checked."""
        return "zh" if self.changed == "en" else "en"


def hash_of(written: WrittenWording) -> str:
    """A short hash of what people read; variants do not count."""
    lines = (written.question, written.answer, *written.points, written.next_step or "")
    return hashlib.blake2b("\n".join(lines).encode(), digest_size=8).hexdigest()


def pair_of(entry: Entry) -> dict[str, str] | None:
    """The hashes of an entry that is written in both languages."""
    return {"en": hash_of(entry.en), "zh": hash_of(entry.zh)} if entry.en and entry.zh else None


def read(folders: Sequence[Path]) -> Pairs:
    """What was checked, later folders winning entry by entry; raises ContentInvalid."""
    pairs: Pairs = {}
    for folder in folders:
        pairs |= _read_one(folder / CHECKED)
    return pairs


def _read_one(file: Path) -> Pairs:
    if not file.exists():
        return {}
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return {str(entry): {"en": str(pair["en"]), "zh": str(pair["zh"])} for entry, pair in kept.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        sentence = "This is not what 'smallwins faq checked' writes; delete the file and run it again."
        raise ContentInvalid([ContentProblem(file, 1, sentence)]) from None


def apart(entries: Iterable[Entry], pairs: Pairs) -> Iterator[Apart]:
    """Entries of which exactly one language is not what was checked."""
    for entry in entries:
        now, then = pair_of(entry), pairs.get(entry.id)
        if now is None or then is None:
            continue
        changed = [language for language in ("en", "zh") if now[language] != then[language]]
        if len(changed) == 1:
            yield Apart(entry.id, changed[0])


def hints(folders: Sequence[Path]) -> list[ContentProblem]:
    """For editors, with file and line: what is to be checked; raises ContentInvalid."""
    pairs, found = read(folders), []
    for one in content.load_all(Category, folders, "faq/*.yaml"):
        places = {entry.id: place for place, entry in enumerate(one.content.entries)}
        for hint in apart(one.content.entries, pairs):
            sentence = (f"{NAMES[hint.changed]} of {hint.entry_id} was changed; its {NAMES[hint.other]} is to be "
                        f"checked. When they agree: smallwins faq checked {hint.entry_id}")
            found.append(one.problem(("entries", places[hint.entry_id], hint.changed), sentence))
    return found


def record(library: Library, ids: Sequence[str], folder: Path) -> int:
    """Note in the folder's file that these entries (all, if none is named) agree now; returns how many.

    Raises ContentInvalid for an id that is no entry in both languages.
    """
    known = {entry.id: pair for entry in library.entries.values() if (pair := pair_of(entry)) is not None}
    file = folder / CHECKED
    if strangers := [entry for entry in ids if entry not in known]:
        raise ContentInvalid(
            [ContentProblem(file, 1, f"'{name}' is no entry that is written in both languages.") for name in strangers]
        )
    new = {entry: known[entry] for entry in ids or known}
    pairs = _read_one(file) | new
    lines = [f"  {json.dumps(entry)}: {json.dumps(pairs[entry])}" for entry in sorted(pairs)]
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    return len(new)
