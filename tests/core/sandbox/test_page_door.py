"""The page's door: what a browser is told and may ask for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from bot.sandbox.demo import demo_world
from bot.sandbox.page_door._session import Session
from bot.sandbox.page_door._views import Views
from bot.sandbox.server import Running, serve_in_thread
from bot.sandbox.world import Chat, Person, World
from tests.core.sandbox.conftest import PNG, Stage

Json = dict[str, Any]


class Window:
    """One person's window without a network: frames go in, frames come out."""

    def __init__(self, stage: Stage, person: Person, views: Views | None = None) -> None:
        self.stage = stage
        self.person = person
        self.views = views or Views(stage.api)
        self.session = stage.run(self._open())
        stage.world.subscribe(self.session.watch)

    async def _open(self) -> Session:
        return Session(self.views, self.person, {})

    def asks(self, kind: str, **more: Any) -> list[Json]:
        """Send a request; the frames that come of it, the closing done or error last."""
        self.session.take({"type": kind, "ref": 1} | more)
        return self.told()

    def told(self) -> list[Json]:
        """Frames that came since."""
        return self.stage.run(self._drain())

    async def _drain(self) -> list[Json]:
        import asyncio

        await asyncio.sleep(0)
        frames = []
        while not self.session.frames.empty():
            frames.append(self.session.frames.get_nowait())
        return frames


@pytest.fixture
def group(stage: Stage) -> Chat:
    return stage.world.supergroup("Trainees", stage.li, stage.world.person("Wang"))


@pytest.fixture
def window(stage: Stage, group: Chat) -> Window:
    return Window(stage, stage.li)


def test_the_window_begins_with_the_bots_chat_first(stage: Stage, group: Chat, window: Window) -> None:
    hello = window.views.hello(stage.li)
    assert [chat["title"] for chat in hello["chats"]] == ["Small Wins", "Trainees"]
    assert hello["me"]["id"] == stage.li.id
    assert hello["chats"][1]["members"][0]["status"] == "creator"
    json.dumps(hello)


def test_what_one_writes_both_see(stage: Stage, group: Chat, window: Window) -> None:
    wang = stage.world.people[next(id for id in group.members if id not in {stage.li.id, stage.world.bot_id})]
    other = Window(stage, wang, window.views)
    kinds = [frame["type"] for frame in window.asks("send", chat_id=group.id, text="hello /ask")]
    assert kinds == ["message", "chat", "done"]
    message, chat = other.told()
    assert message["message"]["entities"][0]["type"] == "bot_command"
    assert (message["chat_id"], chat["chat"]["unread"]) == (group.id, 1)
    (read, done) = other.asks("read", chat_id=group.id)
    assert (read["chat"]["unread"], done["type"]) == (0, "done")


def test_history_comes_in_pages_oldest_first(stage: Stage, group: Chat, window: Window) -> None:
    for number in range(50):
        stage.world.say(stage.li, group, f"message {number}")
    window.told()
    newest, _ = window.asks("open", chat_id=group.id)
    assert [len(newest["messages"]), newest["messages"][-1]["text"], newest["more"]] == [40, "message 49", True]
    older, _ = window.asks("open", chat_id=group.id, before=newest["messages"][0]["message_id"])
    assert [len(older["messages"]), older["messages"][0]["text"], older["more"]] == [10, "message 0", False]


def test_a_tap_ends_with_the_bots_answer_for_this_person_only(stage: Stage, window: Window) -> None:
    other = Window(stage, stage.world.person("Wang"), window.views)
    markup = {"inline_keyboard": [[{"text": "ok", "callback_data": "ok"}]]}
    sent = stage.call("sendMessage", chat_id=stage.li.id, text="?", reply_markup=markup)
    window.told()
    assert [f["type"] for f in window.asks("tap", chat_id=stage.li.id, message_id=sent["message_id"], data="ok")] == [
        "done"
    ]
    query = stage.updates()[-1].callback_query
    assert query is not None
    stage.run(query.answer("Noted"))
    (answer,) = window.told()
    assert answer == {
        "type": "answer",
        "chat_id": stage.li.id,
        "message_id": sent["message_id"],
        "text": "Noted",
        "show_alert": False,
        "url": None,
    }
    assert other.told() == []


def test_inline_results_come_to_the_one_who_asked_and_what_they_choose_to_everybody(
    stage: Stage, group: Chat, window: Window
) -> None:
    wang = next(person for person in stage.world.people.values() if person.name == "Wang")
    other = Window(stage, wang, window.views)
    assert [frame["type"] for frame in window.asks("inline", chat_id=group.id, query="first")] == ["done"]
    query = stage.updates()[-1].inline_query
    assert query is not None
    button = {"text": "Open", "start_parameter": "inline"}
    article = {"type": "article", "id": "a", "title": "T", "input_message_content": {"message_text": "Start with one"}}
    stage.call("answerInlineQuery", inline_query_id=query.id, results=[article], button=button)
    (shown,) = window.told()
    assert other.told() == []
    assert shown == {
        "type": "inline",
        "chat_id": group.id,
        "handle": query.id,
        "query": "first",
        "results": [article],
        "button": button,
    }
    asked = {"chat_id": group.id, "handle": query.id, "result_id": "a"}
    assert [frame["type"] for frame in window.asks("choose_inline", **asked)] == ["message", "chat", "done"]
    message, _ = other.told()
    assert message["message"]["text"] == "Start with one"
    assert message["message"]["via_bot"]["id"] == stage.world.bot_id
    (refused,) = other.asks("choose_inline", **asked)
    assert "no such results" in refused["text"]


def test_the_same_words_again_are_answered_before_the_request_is_done(
    stage: Stage, group: Chat, window: Window
) -> None:
    window.asks("inline", chat_id=group.id, query="first")
    query = stage.updates()[-1].inline_query
    assert query is not None
    stage.run(query.answer([]))
    window.told()
    again = window.asks("inline", chat_id=group.id, query="first")
    assert [frame["type"] for frame in again] == ["inline", "done"]
    assert again[0]["results"] == []


def test_reactions_and_votes_come_with_the_persons_own_view(stage: Stage, window: Window) -> None:
    poll = stage.call("sendPoll", chat_id=stage.li.id, question="?", options=[{"text": "a"}, {"text": "b"}])
    window.told()
    reacted, _ = window.asks("react", chat_id=stage.li.id, message_id=poll["message_id"], emoji="👍")
    assert reacted["message"]["view"]["reactions"] == [{"emoji": "👍", "count": 1, "mine": True}]
    voted, _ = window.asks("vote", chat_id=stage.li.id, message_id=poll["message_id"], options=[1])
    assert voted["message"]["view"]["votes"] == [1]
    assert "edit_date" not in voted["message"]


def test_topics_are_listed_with_general_first(stage: Stage, window: Window) -> None:
    room = stage.world.forum("Room", stage.li)
    _, created, _, _ = window.asks("create_topic", chat_id=room.id, name="Q1")[-4:]
    assert created["type"] == "chat"
    view = window.views.chat(stage.li, room)
    assert [topic["name"] for topic in view["topics"]] == ["General", "Q1"]
    thread = view["topics"][1]["message_thread_id"]
    window.asks("send", chat_id=room.id, thread_id=thread, text="inside")
    window.asks("send", chat_id=room.id, thread_id=0, text="outside")
    inside, _ = window.asks("open", chat_id=room.id, thread_id=thread)
    outside, _ = window.asks("open", chat_id=room.id, thread_id=0)
    assert [message.get("text") for message in inside["messages"]] == [None, "inside"]
    assert [message.get("text") for message in outside["messages"]] == ["outside"]
    window.asks("close_topic", chat_id=room.id, thread_id=thread)
    assert window.views.chat(stage.li, room)["topics"][1]["closed"] is True


def test_a_reply_keyboard_stays_until_it_is_removed_or_used_once(stage: Stage, window: Window) -> None:
    def keyboard() -> Any:
        return window.views.chat(stage.li, stage.private)["keyboard"]

    keys = {"keyboard": [[{"text": "Skip"}]]}
    stage.call("sendMessage", chat_id=stage.li.id, text="?", reply_markup=keys)
    window.asks("send", chat_id=stage.li.id, text="Skip")
    assert keyboard() == keys
    stage.call("sendMessage", chat_id=stage.li.id, text="?", reply_markup={"remove_keyboard": True})
    assert keyboard() is None
    stage.call("sendMessage", chat_id=stage.li.id, text="?", reply_markup=keys | {"one_time_keyboard": True})
    assert keyboard() is not None
    window.asks("send", chat_id=stage.li.id, text="Skip")
    assert keyboard() is None


def test_what_is_not_possible_is_said_and_changes_nothing(stage: Stage, group: Chat, window: Window) -> None:
    elsewhere = stage.world.supergroup("Elsewhere")
    for kind, more, words in (
        ("send", {"chat_id": elsewhere.id, "text": "x"}, "not in your list"),
        ("send", {"chat_id": group.id}, "not understood"),
        ("dance", {}, "no such request"),
        ("edit", {"chat_id": group.id, "message_id": 999, "text": "x"}, "deleted"),
        ("send", {"chat_id": group.id, "text": "", "file": {"kind": "photo", "token": "gone"}}, "not there any more"),
    ):
        (answer,) = window.asks(kind, **more)
        assert (answer["type"], answer["ref"]) == ("error", 1)
        assert words in answer["text"]
    assert len(group.messages) == 0


def test_the_life_of_a_chat_is_followed(stage: Stage, group: Chat, window: Window) -> None:
    assert window.asks("leave", chat_id=group.id)[0] == {"type": "gone", "chat_id": group.id}
    stage.world.say(next(p for p in stage.world.people.values() if p.name == "Wang"), group, "unseen")
    assert window.told() == []
    frames = window.asks("join", chat_id=group.id)
    assert {"chat", "message"} <= {frame["type"] for frame in frames}
    small = stage.world.group("Small", stage.li)
    window.told()
    grown = stage.world.migrate_to_supergroup(small)
    kinds = [(frame["type"], frame.get("chat_id") or frame["chat"]["chat"]["id"]) for frame in window.told()]
    assert ("gone", small.id) in kinds
    assert ("chat", grown.id) in kinds


def test_blocking_shows_in_the_bots_chat(stage: Stage, window: Window) -> None:
    blocked, _ = window.asks("block")
    assert (blocked["chat"]["blocked"], blocked["chat"]["can_send"]) == (True, False)
    frames = window.asks("start", payload="abc")
    assert [frame["message"]["text"] for frame in frames if frame["type"] == "message"] == ["/start abc"]


def test_typing_is_shown(stage: Stage, window: Window) -> None:
    stage.run(stage.bot.send_chat_action(stage.li.id, "typing"))
    (frame,) = window.told()
    assert (frame["type"], frame["action"], frame["chat_id"]) == ("action", "typing", stage.li.id)


# Over HTTP


@pytest.fixture
def demo() -> World:
    return demo_world()


@pytest.fixture
def running(demo: World) -> Iterator[Running]:
    with serve_in_thread(demo) as made:
        yield made


@pytest.fixture
def browser(running: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=running.url, trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture
def person(browser: httpx.Client) -> int:
    first: int = browser.get("/sandbox/people").json()["people"][0]["user"]["id"]
    return first


def _socket(running: Running, person: int, **headers: str) -> ClientConnection:
    return connect(f"ws://127.0.0.1:{running.port}/sandbox/socket?as={person}", additional_headers=headers, proxy=None)


def _next(socket: ClientConnection) -> Json:
    frame: Json = json.loads(socket.recv(5))
    return frame


def _next_of(socket: ClientConnection, kind: str) -> Json:
    while (frame := _next(socket))["type"] != kind:
        pass
    return frame


def test_a_photo_goes_up_and_is_shown(browser: httpx.Client, running: Running, person: int) -> None:
    token = browser.post(f"/sandbox/files?as={person}", files={"file": ("a.png", PNG, "image/png")}).json()["token"]
    with _socket(running, person) as socket:
        assert _next(socket)["type"] == "hello"
        socket.send(json.dumps({"type": "start", "ref": 1}))
        _next_of(socket, "done")
        file = {"token": token, "kind": "photo"}
        socket.send(json.dumps({"type": "send", "ref": 2, "chat_id": person, "text": "look", "file": file}))
        message = _next_of(socket, "message")["message"]
    assert message["caption"] == "look"
    shown = browser.get(f"/sandbox/files/{message['photo'][-1]['file_id']}")
    assert (shown.content, shown.headers["content-type"]) == (PNG, "image/png")
    assert browser.get("/sandbox/files/none").status_code == 404


def test_the_browser_asks_for_newer_files_of_the_page_each_time(browser: httpx.Client) -> None:
    for path in ("/", "/page/main.js", "/page/css/base.css"):
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    unchanged = browser.get("/page/main.js", headers={"If-None-Match": browser.get("/page/main.js").headers["etag"]})
    assert (unchanged.status_code, unchanged.headers["cache-control"]) == (304, "no-cache")
    assert browser.get("/page/nothing.js").status_code == 404


def test_what_happens_elsewhere_reaches_the_socket(demo: World, running: Running, person: int) -> None:
    with _socket(running, person) as socket:
        _next(socket)
        group = next(chat for chat in demo.chats.values() if not chat.is_private)
        running.do(demo.say, demo.people[person], group, "from another thread")
        assert _next_of(socket, "message")["message"]["text"] == "from another thread"


def test_a_file_that_could_run_in_the_browser_is_only_downloaded(browser: httpx.Client, demo: World) -> None:
    stored = demo.files.add("document", b"<script>", name="x.html")
    shown = browser.get(f"/sandbox/files/{stored.file_id}")
    assert shown.headers["content-disposition"] == "attachment"
    assert shown.headers["x-content-type-options"] == "nosniff"


def test_strangers_and_other_sites_are_turned_away(browser: httpx.Client, running: Running, person: int) -> None:
    file = {"file": ("a.png", PNG, "image/png")}
    elsewhere = {"Origin": "https://example.org"}
    assert browser.post("/sandbox/files?as=1", files=file).status_code == 403
    assert browser.post(f"/sandbox/files?as={person}", files=file, headers=elsewhere).status_code == 403
    assert browser.post(f"/sandbox/files?as={person}", data={"file": "x"}).status_code == 400
    for stranger, headers in ((1, {}), (person, elsewhere)):
        with _socket(running, stranger, **headers) as socket, pytest.raises(ConnectionClosed):
            socket.recv(5)


def test_nonsense_over_the_socket_gets_an_error(running: Running, person: int) -> None:
    with _socket(running, person) as socket:
        _next(socket)
        for nonsense in ("no json", "[]"):
            socket.send(nonsense)
            assert _next(socket)["type"] == "error"
