"""What may identify a patient, as its writer sees it: underlined, and named by its kind."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from bot.i18n import Translator
from bot.screening import Finding, Kind

MAY_BE_HARMLESS = frozenset([Kind.NAME, Kind.BIRTH_DATE, Kind.PHONE, Kind.EMAIL])
"""Kinds that may as well be a colleague's or the asker's own; the other kinds are never passed on."""


def may_be_harmless(findings: Sequence[Finding]) -> bool:
    """Whether the asker may say that all of it is not a patient's."""
    return all(finding.kind in MAY_BE_HARMLESS for finding in findings)


def underlined(text: str, findings: Sequence[Finding]) -> Markup:
    """The words with each finding in bold and underlined; other formatting is left out here."""
    parts, at = [], 0
    for finding in findings:
        parts.append(escape(text[at : finding.start]))
        parts.append(Markup("<b><u>{}</u></b>").format(text[finding.start : finding.end]))
        at = finding.end
    return Markup("").join([*parts, escape(text[at:])])


def kinds_in_words(findings: Sequence[Finding], t: Translator) -> str:
    """What was found, each kind once."""
    t = t.of("_identifiers")
    said = {
        Kind.RESIDENT_ID: t.label("an ID number"),
        Kind.OTHER_ID: t.label("the number of an identity document"),
        Kind.EMAIL: t.label("an e-mail address"),
        Kind.RECORD_NUMBER: t.label("a record number"),
        Kind.PHONE: t.label("a phone number"),
        Kind.ACCOUNT: t.label("a messenger account"),
        Kind.BIRTH_DATE: t.label("a date of birth"),
        Kind.NAME: t.label("a name"),
    }
    return t.series([said[kind] for kind in dict.fromkeys(finding.kind for finding in findings)])
