"""People's own commands: arriving, profile, language, invitations, and what is kept about them."""

from handlers.people import _data, _invitations, _profile, _start  # noqa: F401  (they register their triggers)
from handlers.people._commands import introductions
from handlers.people._feature import feature
from handlers.people._profile import value_name
from handlers.people._start import role_name

__all__ = ["feature", "introductions", "role_name", "value_name"]
