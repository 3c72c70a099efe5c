"""FAQ: a question in any words, the answer that fits, or a way on."""

from handlers.faq import _asking, _data, _inline, _verdicts  # noqa: F401  (they register their triggers)
from handlers.faq._browsing import entry_screen
from handlers.faq._feature import feature
from handlers.faq._report import report_lines

__all__ = ["entry_screen", "feature", "report_lines"]
