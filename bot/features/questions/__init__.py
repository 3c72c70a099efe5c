"""Questions to the experts: from the asker to the consultants' room, and the answer home.

draft → open → claimed → answered → closed. A question has one topic in the room; everything that either side says about
it is kept in order as its story, so that a topic that was deleted by hand can be told again.
"""

from bot.features.questions._finding import (
    Find,
    Found,
    Standing,
    find,
    finds_of,
    look,
    prune_finds,
    recall,
)
from bot.features.questions._keeping import forget, move_chat
from bot.features.questions._life import (
    OPEN_LIMIT,
    OPEN_LIMIT_OF_MEMBERS,
    answered,
    asker_of,
    claim,
    close,
    discard,
    draft,
    get,
    pause,
    place,
    release,
    reopen,
    require_asker,
    resume,
    reword,
    send,
)
from bot.features.questions._looking import of_asker, queue, unsolved_of, waiting_for_a_room
from bot.features.questions._story import story, tell
from bot.features.questions._tables import (
    UNSOLVED,
    Offer,
    Outcome,
    Part,
    Question,
    SavedReply,
    Side,
    State,
    Version,
    id_of,
)
from bot.features.questions._terms import Term, reindex, unindexed
from bot.features.questions._transcript import Line, Transcript, transcript

__all__ = [
    "OPEN_LIMIT",
    "OPEN_LIMIT_OF_MEMBERS",
    "UNSOLVED",
    "Find",
    "Found",
    "Line",
    "Offer",
    "Outcome",
    "Part",
    "Question",
    "SavedReply",
    "Side",
    "Standing",
    "State",
    "Term",
    "Transcript",
    "Version",
    "answered",
    "asker_of",
    "claim",
    "close",
    "discard",
    "draft",
    "find",
    "finds_of",
    "forget",
    "get",
    "id_of",
    "look",
    "move_chat",
    "of_asker",
    "pause",
    "place",
    "prune_finds",
    "queue",
    "recall",
    "reindex",
    "release",
    "reopen",
    "require_asker",
    "resume",
    "reword",
    "send",
    "story",
    "tell",
    "transcript",
    "unindexed",
    "unsolved_of",
    "waiting_for_a_room",
]
