"""Questions to the experts, played through the sandbox: from the asker to the room and home again."""

from __future__ import annotations

from tests.town import Town

UNKNOWN = "医院工会的慰问金能不能拿来给张三老师报销去西藏的路费？"


def test_the_whole_story_from_a_group_to_the_experts_and_home(town: Town) -> None:
    group = town.seat(town.trainee, town.group)
    group.says("/ask How do we find our first peer supporter?")
    assert "Helpful" in " ".join(group.buttons("step") or group.buttons("peer supporter"))

    other = town.seat(town.other_trainee, town.group)
    other.says(f"/ask {UNKNOWN}")
    other.taps("请专家回答") if other.chat is None else other.taps(_label(other, "🙋"))
    other.taps(_label(other, "Send", "提交", "发送", "送出", "傳送"))
    other.sees("Q1")

    topic = town.topic(town.consultant, "Q1")
    topic.sees("西藏")
    topic.taps("Claim")
    topic.replies("西藏", "这笔钱不能这样用。")
    answer = other.sees("这笔钱不能这样用")
    assert answer.message["reply_to_message"]["text"].startswith("/ask")

    other.taps(_label(other, "✅"))
    assert town.room.topics[topic.topic].closed


def _label(seat, *wanted: str) -> str:  # type: ignore[no-untyped-def]
    for post in reversed(seat.posts):
        for row in post.buttons:
            for button in row:
                if any(button["text"].startswith(w) for w in wanted):
                    return button["text"]
    raise AssertionError(seat.texts)
