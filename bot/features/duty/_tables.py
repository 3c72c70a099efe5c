"""The table of duties: what a consultant has said about their own time and subjects."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from bot.db import UtcDateTime

NOWHERE = "none"
"""The region of somebody whose work knows no public holidays."""


class Duty(SQLModel, table=True):
    """One consultant's duty. What is None was never said, and follows from who they are.

    `categories` without any means all. `hours`: weekday (Monday is "0") → [["09:00", "17:00"], …]. `days_off`: ISO dates,
    first and last.
    """

    __tablename__ = "duties"

    member_id: int = Field(primary_key=True, foreign_key="members.id")
    categories: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    languages: list[str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    hours: dict[str, list[list[str]]] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    days_off: list[list[str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    region: str | None = None
    capacity: int = 5
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
