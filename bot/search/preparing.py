"""The files that are shipped with the content: vectors, trained heads, and the limits computed from labelled questions.

To be run again whenever data/faq, the bank or the labelled questions have changed much; a changed entry alone works
without it, only the next start takes a little longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.errors import OperatorError
from bot.search import LIMITS, RULES, VECTORS
from bot.search._corpus import Corpus
from bot.search._embedding import Store, load_models, read_store
from bot.search._judgement import Judgement, write_judgement
from bot.search._knowledge import LANGUAGES, examples, learn, lexical_side, semantic_side
from bot.search._matcher import Matcher
from bot.search._rules import read_rules
from bot.search.evaluation import Line
from bot.search.tuning import tune


class ModelsMissing(OperatorError):
    """The models cannot be loaded here, so nothing can be prepared."""


def prepare(corpus: Corpus, lines: Sequence[Line], data: Path, *, afresh: bool = False) -> Judgement:
    """Write vectors, heads and limits into the content folder `data`; `afresh` makes every vector again.

    Raises ModelsMissing where the models cannot be loaded.
    """
    models = load_models()
    if models is None:
        raise ModelsMissing("The matcher's models cannot be loaded on this machine; see the warning above.")
    store = Store() if afresh else read_store(data / VECTORS)
    # trained from nothing, so that the result depends on the content alone
    store.heads, store.intents, store.fingerprint = {}, {}, ""
    learn(corpus, store, models)
    store.save(data / VECTORS, [(example.text, example.lang) for example in examples(corpus)])
    store = read_store(data / VECTORS)  # as it will be read, rounded
    rules, untuned = read_rules(data / RULES), Judgement("", {})
    hybrid = Matcher(corpus, {lang: semantic_side(corpus, lang, store) for lang in LANGUAGES}, rules, untuned, models,
                     store.space)
    lexical = Matcher(corpus, {lang: lexical_side(corpus, lang) for lang in LANGUAGES}, rules, untuned, None, None)
    judgement = tune(corpus, [hybrid, lexical], lines)
    write_judgement(judgement, data / LIMITS)
    return judgement
