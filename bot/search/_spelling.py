"""What phones make of the field's words: pinyin that was never turned into characters, and words that sound alike.

Only words that can mean nothing else here are listed; everything else is left to the models, which bear with typing errors.
"""

from __future__ import annotations

import re

_PINYIN = {
    "xuetang": "血糖", "dixuetang": "低血糖", "gaoxuetang": "高血糖", "tangniaobing": "糖尿病", "yidaosu": "胰岛素",
    "erjiashuanggua": "二甲双胍", "hunmi": "昏迷", "chouchu": "抽搐", "tongzheng": "酮症", "lenghan": "冷汗",
    "outu": "呕吐", "jiuming": "救命", "zisha": "自杀", "tongban": "同伴", "zhichi": "支持", "zhichizhe": "支持者",
    "tongbanzhichi": "同伴支持", "tongbanzhichizhe": "同伴支持者", "zhiyuanzhe": "志愿者", "tangyou": "糖友",
    "bingyou": "病友", "huanzhe": "患者", "bingren": "病人", "zuyuan": "组员", "xiaozu": "小组", "xueyuan": "学员",
    "hushi": "护士", "hushizhang": "护士长", "yisheng": "医生", "zhuren": "主任", "lingdao": "领导", "yuanzhang": "院长",
    "yiyuan": "医院", "shequ": "社区", "peixun": "培训", "zhaomu": "招募", "mianshi": "面试", "dudao": "督导",
    "pinggu": "评估", "pingjia": "评价", "jingfei": "经费", "xiangmu": "项目", "jiangzuo": "讲座", "weixin": "微信",
    "weixinqun": "微信群", "butie": "补贴", "xieyi": "协议", "baomi": "保密", "liangbiao": "量表", "tanghua": "糖化",
    "juesebanyan": "角色扮演", "zenme": "怎么", "zenmeban": "怎么办", "zenmeyang": "怎么样",
    "zhaobudao": "找不到", "shenme": "什么", "duoshao": "多少", "duojiu": "多久", "weishenme": "为什么", "nali": "哪里",
    "keyi": "可以", "meiyou": "没有", "xuyao": "需要", "shijian": "时间", "xiexie": "谢谢", "nihao": "你好",
}
_PINYIN_WORD = re.compile(
    r"(?<![a-z])(?:" + "|".join(sorted(_PINYIN, key=len, reverse=True)) + r")(?![a-z])(?: (?=[\u3400-\u9fff]))?", re.IGNORECASE)
_HEARD = {
    "血唐": "血糖", "血塘": "血糖", "雪糖": "血糖", "一岛素": "胰岛素", "移岛素": "胰岛素", "胰导素": "胰岛素",
    "胰岛数": "胰岛素", "姨岛素": "胰岛素", "胰岛速": "胰岛素", "双瓜": "双胍", "双呱": "双胍", "双刮": "双胍",
    "同办支持": "同伴支持", "童伴支持": "同伴支持", "同伴之持": "同伴支持", "同伴支付者": "同伴支持者", "之持者": "支持者",
    "志愿着": "志愿者", "角色办演": "角色扮演", "角色搬演": "角色扮演", "渡导": "督导", "都导会": "督导会",
    "知情同一": "知情同意", "抽蓄": "抽搐", "抽畜": "抽搐", "昏米": "昏迷", "酮正": "酮症", "同正酸": "酮症酸",
}
_HEARD_WORD = re.compile("|".join(sorted(_HEARD, key=len, reverse=True)))


def mended(text: str) -> str:
    """The text with the field's words as they are meant; Simplified characters are expected."""
    text = _PINYIN_WORD.sub(lambda found: _PINYIN[found[0].strip().lower()], text)
    return _HEARD_WORD.sub(lambda found: _HEARD[found[0]], text)
