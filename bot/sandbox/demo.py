"""A world to begin with: six people, two groups of trainees, and the consultants' room."""

from __future__ import annotations

from datetime import timedelta

from bot.sandbox.world import Chat, Person, World
from bot.sandbox.world._state import Clock, now

_LONG_AGO = timedelta(hours=3)
_TRAINEE, _CONSULTANT = "Trainee · reads ", "Consultant · reads "


def demo_world(clock: Clock = now, *, bot_username: str = "SmallWinsBot", limits: bool = False) -> World:
    """The demo's world; its people have talked in their groups before, nobody has started the bot yet."""
    world = World(clock, bot_username=bot_username, limits=limits)
    world.clock = lambda: clock() - _LONG_AGO
    li_wei = world.person("Li Wei", language="en", username="liwei_hefei", note=f"{_TRAINEE}English, nurse in Hefei")
    chen = world.person("陳怡君", language="zh-hant", username="chen_yichun", note=f"{_TRAINEE}Traditional Chinese")
    wang = world.person("王芳", language="zh-hans", note=f"{_TRAINEE}Simplified Chinese")
    zhang = world.person("张敏", language="zh-hans", username="dr_zhangmin", note=f"{_CONSULTANT}Simplified Chinese")
    lin = world.person("Sarah", "Lin", language="en", username="dr_sarahlin", note=f"{_CONSULTANT}English")
    zhao = world.person("赵磊", language="zh-hans", username="zhaolei", note="Organizer · reads Simplified Chinese")
    trainees = world.supergroup("Peer support trainees 2026 · 同伴支持学员群", zhao, li_wei, chen, wang)
    hefei = world.supergroup("Hefei & Anhui · 合肥学员群", zhao, li_wei, wang)
    room = world.forum("Consultants' room · 专家组", zhao, zhang, lin)
    world.set_rights(room, world.bot_id, can_manage_topics=True, can_pin_messages=True, can_delete_messages=True)
    _small_talk(world, trainees, zhao, li_wei, wang, chen)
    _talk_in_hefei(world, hefei, zhao, wang)
    world.say(zhang, room, "大家好，本周我值班，随时叫我。")
    world.say(lin, room, "Thanks! I'll cover the English questions.")
    world.clock = clock
    return world


def _small_talk(world: World, group: Chat, zhao: Person, li_wei: Person, wang: Person, chen: Person) -> None:
    welcome = world.say(
        zhao, group, "Welcome, everyone! 欢迎大家！Ask here any time, or write to @SmallWinsBot in private."
    )
    world.say(li_wei, group, "Thank you! Our first group meets next month, I have so many questions.")
    thanks = world.say(wang, group, "谢谢赵老师！我们医院也准备开始招募同伴支持者了。", reply_to=welcome)
    world.set_reaction(zhao, group, thanks, "👍")
    world.say(chen, group, "大家好，我是怡君，很高興認識各位！")


def _talk_in_hefei(world: World, group: Chat, zhao: Person, wang: Person) -> None:
    world.say(zhao, group, "合肥和安徽的学员请在这里讨论本地安排。")
    world.say(wang, group, "好的，收到！")
