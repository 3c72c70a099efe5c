"""Webinars: sign-up, questions, attendance."""

from handlers.webinars._feature import feature

__all__ = ["feature"]
