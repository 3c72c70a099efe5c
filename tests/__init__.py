"""The tests; what is loaded before they begin is looked through for garbage once they are all collected, and then no more."""

import gc
import sys

if "_pytest.config" in sys.modules:  # a benchmark lives for long, and by itself
    gc.disable()
