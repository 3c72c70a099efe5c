"""The tests; what is loaded before they begin is looked through for garbage once they are all collected, and then no more."""

import gc

gc.disable()
