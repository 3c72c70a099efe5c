"""The resource library as its editors wrote it: one file of data/resources for each need."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from bot.content import Content
from bot.features.resources.links import web_address
from bot.i18n import Language, to_traditional

Text = Annotated[str, Field(min_length=1)]
Audience = Literal["programme-manager", "trainer", "clinician", "leader", "peer-supporter"]
Written = Literal["en", "zh"]
"""The language that a resource is in."""

ID_LIMIT = 36
"""Longest id of a resource: with it and the way back, a button's data still fits Telegram's 64 bytes."""

SHARED = "shared-"
"""How the ids of what members shared begin."""


class Wording(Content):
    """A text in the languages that people write; Traditional Chinese is derived where it is left out."""

    en: Text
    zh: Text
    zh_hant: Text | None = None

    def in_(self, language: Language) -> str:
        """The text in a member's language."""
        if language == "en":
            return self.en
        return self.zh if language == "zh_Hans" else self.zh_hant or to_traditional(self.zh)


class WrittenResource(Content):
    """One resource; `url` only where it leads to the publisher (`official`) or to a page about the resource."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=ID_LIMIT)]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    title_zh: Text | None = None
    title_zh_hant: Text | None = None
    title_en: Text | None = None
    organisation: Text | None = None
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    url: Text | None = None
    official: bool = False
    language: Written
    audience: Annotated[tuple[Audience, ...], Field(min_length=1)]
    topics: tuple[Text, ...] = ()
    description: Wording

    @field_validator("id")
    @classmethod
    def _is_not_a_members(cls, resource_id: str) -> str:
        if resource_id.startswith(SHARED):
            raise ValueError(f"ids that begin with '{SHARED}' belong to what members share; choose another.")
        return resource_id

    @field_validator("url")
    @classmethod
    def _is_a_web_address(cls, url: str | None) -> str | None:
        if url is not None and (not url.startswith(("http://", "https://")) or web_address(url) is None):
            raise ValueError(f"'{url}' is not a web address; it begins with https:// or http://.")
        return url

    @model_validator(mode="after")
    def _is_official_somewhere(self) -> WrittenResource:
        if self.official and self.url is None:
            raise ValueError(f"{self.id} is 'official' but has no 'url'; add the publisher's own address.")
        return self


class Need(Content):
    """One file: what somebody may need, and the resources that help."""

    category: Annotated[str, Field(pattern=r"^[a-z0-9-]+$", max_length=30)]
    title: Wording
    resources: tuple[WrittenResource, ...]
