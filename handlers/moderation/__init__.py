"""Keeping groups good to be in: rules, newcomers' links, floods, reports, measures and their undoing."""

from handlers.moderation import _data, _flooding, _holding, _log, _reporting, _rights  # noqa: F401  (they register)
from handlers.moderation._feature import feature
from handlers.moderation._rules import rules_text, settings_rows
from handlers.moderation._words import mention, name_of, show_verdict

__all__ = ["feature", "mention", "name_of", "rules_text", "settings_rows", "show_verdict"]
