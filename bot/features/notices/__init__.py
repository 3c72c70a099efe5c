"""Notices: what organizers tell many people at once, to whom it goes, how far it is, and what came of it."""

from bot.features.notices._tables import Notice, NoticeRecipient, NoticeSignup, NoticeText, State

__all__ = ["Notice", "NoticeRecipient", "NoticeSignup", "NoticeText", "State"]
