"""Polls and quizzes: votes are counted in the message itself and told to the bot that asked."""

from __future__ import annotations

from bot.sandbox.errors import NotPossible
from bot.sandbox.world._model import Chat, Json, Person, Post, Vote
from bot.sandbox.world._topics import Topics


class Polls(Topics):
    """Polls wherever they stand; a forwarded one is the same poll."""

    def votes_of(self, poll_id: str) -> Vote:
        """The votes of a poll, by its id."""
        return self.votes.setdefault(poll_id, Vote())

    def make_poll(self, question: Json, options: list[Json], **settings: object) -> Json:
        """A new `Poll` from question and options (`text` with its entities) and the settings of `sendPoll`."""
        poll: Json = {"id": str(5_000_000_000_000_000 + self.number("polls")), **question}
        poll["options"] = [
            {"persistent_id": str(index), **option, "voter_count": 0} for index, option in enumerate(options)
        ]
        quiz = settings.get("type") == "quiz"
        poll |= {"total_voter_count": 0, "is_closed": False, "is_anonymous": True, "type": "regular"}
        poll |= {"allows_multiple_answers": False, "allows_revoting": not quiz, "members_only": False}
        return poll | {key: value for key, value in settings.items() if value is not None}

    def place_poll(self, chat: Chat, post: Post) -> Post:
        """Remember where a poll stands, to show its votes there."""
        vote = self.votes_of(post.message["poll"]["id"])
        vote.places.append((chat, post))
        vote.own = vote.own or (post.author == self.bot_id and "forward_origin" not in post.message)
        return post

    def vote(self, person: Person, chat: Chat, post: Post, options: list[int]) -> None:
        """Choose options of a poll by their indexes; none takes the vote back."""
        poll = post.message.get("poll")
        if poll is None:
            raise NotPossible("this message is no poll")
        vote = self.votes_of(poll["id"])
        self._check_vote(poll, vote, person, options)
        before = vote.by_user.pop(person.id, [])
        if options:
            vote.by_user[person.id] = options
        self._recount(vote, poll)
        if vote.own and not poll["is_anonymous"] and before != options:
            self._tell_answer(poll, person, options)

    def _check_vote(self, poll: Json, vote: Vote, person: Person, options: list[int]) -> None:
        if poll["is_closed"]:
            raise NotPossible("this poll is closed")
        if not poll["allows_revoting"] and person.id in vote.by_user:
            raise NotPossible("a vote in this poll is final")
        if len(options) > 1 and not poll["allows_multiple_answers"]:
            raise NotPossible("only one option can be chosen")
        if len(set(options)) != len(options) or not all(0 <= option < len(poll["options"]) for option in options):
            raise NotPossible("there is no such option")

    def _tell_answer(self, poll: Json, person: Person, options: list[int]) -> None:
        persistent = [poll["options"][option]["persistent_id"] for option in options]
        answer: Json = {"poll_id": poll["id"], "user": person.user, "option_ids": options}
        self.updates.push("poll_answer", answer | {"option_persistent_ids": persistent})

    def _recount(self, vote: Vote, poll: Json, **changes: object) -> Json:
        counted = [
            option | {"voter_count": sum(index in chosen for chosen in vote.by_user.values())}
            for index, option in enumerate(poll["options"])
        ]
        poll = poll | {"options": counted, "total_voter_count": len(vote.by_user)} | changes
        for chat, post in vote.places:
            if post.id in chat.messages:
                self.replace(chat, post, {"poll": poll}, edited=False)
        if vote.own:
            self.updates.push("poll", poll)
        return poll

    def close_poll(self, poll: Json) -> Json:
        """End a poll; returns its final state."""
        return self._recount(self.votes_of(poll["id"]), poll, is_closed=True)

    def chosen(self, person: Person, post: Post) -> list[int]:
        """The options that a person chose in the poll of a message."""
        poll = post.message.get("poll")
        return self.votes_of(poll["id"]).by_user.get(person.id, []) if poll else []
