"""Questions to the experts: from the asker to the consultants' room, and the answer home.

draft → open → claimed → answered → closed. A question has one topic in the room; everything that either side says about
it is kept in order as its story, so that a topic that was deleted by hand can be told again.
"""

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
from bot.features.questions._looking import of_asker, of_unreachable, queue, unsolved_of, waiting_for_a_room
from bot.features.questions._story import album_in, part_at, question_at, story, tell
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
from bot.features.questions._wordings import revise, versions

__all__ = [
    "OPEN_LIMIT",
    "OPEN_LIMIT_OF_MEMBERS",
    "UNSOLVED",
    "Offer",
    "Outcome",
    "Part",
    "Question",
    "SavedReply",
    "Side",
    "State",
    "Version",
    "album_in",
    "answered",
    "asker_of",
    "claim",
    "close",
    "discard",
    "draft",
    "forget",
    "get",
    "id_of",
    "move_chat",
    "of_asker",
    "of_unreachable",
    "part_at",
    "pause",
    "place",
    "question_at",
    "queue",
    "release",
    "reopen",
    "require_asker",
    "resume",
    "revise",
    "reword",
    "send",
    "story",
    "tell",
    "unsolved_of",
    "versions",
    "waiting_for_a_room",
]
