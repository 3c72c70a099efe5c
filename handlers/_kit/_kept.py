"""What is kept of a person, as /mydata writes it down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlmodel import SQLModel


def chosen(rows: Iterable[SQLModel], *fields: str) -> list[dict[str, Any]]:
    """These fields of each row, as JSON has them."""
    return [row.model_dump(mode="json", include=set(fields)) for row in rows]


def all_but(row: SQLModel | None, *fields: str) -> dict[str, Any] | None:
    """Every other field of a row, as JSON has them; None where there is no row."""
    return row.model_dump(mode="json", exclude=set(fields)) if row is not None else None
