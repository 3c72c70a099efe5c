"""The vocabulary of names: surnames, what follows a surname without being a given name, and what names never hold."""

from __future__ import annotations

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙朱胡郭林罗郑梁谢宋唐韩冯邓曹彭萧蔡潘袁董蒋吕沈姚卢姜崔钟谭汪范廖贾韦邹孟秦邱尹薛阎侯陶黎贺郝龚邵钱覃戴莫孔汤葛邢"
    "倪庄聂鲁岳翟殷詹欧耿焦俞柳祝阮柯纪梅童凌裴霍翁冉骆靳柴鲍喻祁蒲屈饶牟尤阳穆缪褚娄窦戚岑费卜瞿佟臧闵苟邬卞姬栾隋刁寇甄虞敖巩佘迟邝肖闫付"
    "張劉陳楊黃趙吳孫馬羅鄭謝韓馮鄧蕭潘袁董蔣呂盧鍾譚廖賈韋鄒龔錢湯莊聶魯詹歐閻賀黎駱靳鮑祁饒繆婁竇費閔鄔欒鞏遲鄺葉蘇許龍顧邵賴簡游江"
)
"""Surnames of one character that seldom begin an everyday word after “patient”."""

SURNAMES_THAT_ARE_WORDS = frozenset(
    "马高何许曾于杜叶程苏魏任丁陆石金夏方白熊江段雷龙史顾毛万严武常温康施牛樊安齐易乔伍庞颜章申关兰左甘包宁尚符舒成苗谷盛曲路游管蒙华"
    "房滕解艾农司卓古吉简车项连麦景党宫冷晏席卫米柏宗桂边师和仇商沙荣巫桑郎丛仲明池查麻苑申田余傅辛涂单季蓝赖洪凤文鲜巴花水"
    "陸魯魏蘇葉許馬龍顧嚴萬溫喬龐顏關蘭甯寧邊師農車項連麥黨宮衛單藍賴鳳齊樊於傅"
)
"""Surnames of one character that are everyday words as well, so that a name has to end where it should."""

SURNAMES_OF_TWO = frozenset(
    ["欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "夏侯", "皇甫", "尉迟", "尉遲", "公孙", "公孫", "慕容"]
    + ["令狐", "长孙", "長孫", "司徒", "端木", "东方", "東方", "独孤", "獨孤", "南宫", "南宮", "宇文", "申屠", "轩辕"]
)

TITLES = (
    "阿姨 大姨 姨 大爷 大爺 爷爷 爺爺 奶奶 大妈 大媽 大叔 叔叔 叔 大伯 伯伯 伯 大姐 大哥 大嫂 大婶 大嬸 婆婆 先生 女士 太太 小姐 同学 同學 师傅 師傅 师母"
    " 医生 醫生 医师 醫師 大夫 主任 教授 老师 老師 护士 護士 护师 護師 护理 護理 专家 專家 院长 院長 所长 所長 科长 科長 组长 組長 队长 隊長 会长 會長"
    " 博士 药师 藥師 营养师 營養師 书记 書記 处长 處長 局长 局長 经理 經理 老 姓 氏 某 副 总 總 工 导 導 姐 哥 嫂 婶 嬸 妈 媽 爸 爷 爺 奶"
).split()
"""What makes a surname a way of speaking of somebody, and no name."""

NEVER_IN_NAMES = frozenset(
    "的了是在不和我你他她它们們这這那有没沒说說吗嗎呢吧啊呀么麼血糖病药藥者医醫院度怎哪为為什与與跟及或但而则則因所以被把给給让讓对對从從到"
    "于於也都又还還就才只很太更最再已经經曾将將会會能可要想该該应應每各几幾两兩二三四五六七八九十百千万萬第个個位次年月日号號岁歲男女今昨"
    "饭飯餐吃喝服打针針测測量检檢查诊診疗療症痛疼高低糖尿胰岛島空腹电電话話手机機微信身份证證住址出入复復问問诉訴请請需做用患家属屬得并並"
    "时時候后後前内內外里裡上下来來去过過回开開始其此种種类類型率比例数數值等些最近曾由自己体體重感觉觉覺觉得知道称稱认認怕愿願拒反"
)
"""Characters that names hardly hold and sentences are full of: a given name ends before them."""

NO_NAMES = frozenset(
    "马上 馬上 高血 高龄 高齡 高危 高度 高风 高風 高脂 何时 何時 何种 任何 任务 任務 曾经 曾經 于是 杜绝 程度 石头 金额 方便 方法 方面 方案 白天 白内 白色"
    " 江苏 段时 雷同 史料 顾虑 顧慮 万一 萬一 严重 嚴重 严格 嚴格 武汉 武漢 向我 常常 常见 常見 常规 常規 温度 溫度 温馨 康复 康復 康健 施行 安全 安排"
    " 安心 安静 安慰 齐全 易患 易感 易怒 伍仟 申请 申請 关心 關心 关系 關係 关于 關於 关注 關注 关怀 關懷 关节 關節 左右 左脚 左手 左眼 左腿 包括 包含"
    " 宁愿 尚未 尚可 符合 成功 成员 成員 成为 成為 成立 成长 成長 成本 谷类 盛行 路上 路径 游泳 管理 管控 管教 蒙受 华人 房间 解决 解決 解释 解釋"
    " 时间 時間 时常 時常 时刻 农村 農村 农民 农历 司机 卓越 古稀 吉祥 简单 簡單 简历 车上 项目 項目 连续 連續 麦片 景象 党员 宫外 冷静 冷漠 席位 卫生"
    " 衛生 米饭 米飯 全部 全程 全面 全家 全身 全体 全體 全员 应该 應該 应对 應對 边缘 师生 和家 和他 和她 和医 和我 商量 沙龙 沙龍 明白 明显 明顯 明确"
    " 明天 池塘 查房 查询 麻木 麻烦 麻煩 麻醉 余下 单独 單獨 单位 單位 季度 文化 文件 文献 鲜有 水平 水肿 水腫 欧洲 欧美 范围 范例 贾第 莫名 孔径"
    " 庄重 岳父 岳母 焦虑 焦慮 柳州 祝福 纪念 紀念 纪录 童年 阳性 陽性 阳台 费用 費用 付费 付款 付出 周围 周圍 周末 周末 周期 周边 周日 周一 胡乱 胡說"
    " 林区 罗列 唐筛 谢谢 謝謝 宋体 黄疸 黃疸 黄色 黃色 黄斑 王牌 李子 张口 張口 张力 陈述 陳述 陈旧 杨梅 吴语 朱红 梁柱 韩国 韓國 韩式 蔡司 卢比 钟表"
    " 钟头 鍾頭 范本 莫非 莫不 汤水 湯水 童话 梅毒 凌晨 纪律 戴上 戴着 戴口 戴动 冯氏 钱包 钱不 錢包 贺卡 祝愿 穆斯 骆驼 迟到 迟迟 尤其 肖像 付钱 付不"
    " 简介 簡介 简易 簡易 游戏 遊戲 江西 江湖 龙头 叶酸 葉酸 许多 許多 许可 顾客 苏打 蘇打 赖床 姜汤 薑湯 屈服 费力 易于 单纯 單純 单次 成分 成人 成熟"
    " 高兴 高興 高手 高级 高級 高原 高昂 高纤 高糖 高热 方式 方向 白蛋 白糖 白酒 石膏 金属 安装 安裝 常用 常年 温和 温水 温柔 华山 文字 文章 明年 明细 季节"
    " 全国 全國 全球 全科 全年 全员 全新 师资 师范 时代 时机 管道 管床 管辖 关闭 关爱 關愛 关键 關鍵 解除 解读 解答 武断 严密 石化 万幸 应急 应用 包装 包容"
    " 包扎 向往 向前 向导 路程 连接 连锁 项链 任意 任性 古老 冷冻 冷水 党支 卫教 衛教 边吃 边走 和睦 和谐 商业 商店 荣誉 荣幸 明信 麻疹 傅立 洪水 文盲 花费"
    " 花销 花生 水果 水分 水泡 水煮 段落 雷雨 毛病 毛巾 毛发 牛奶 牛肉 苗条 曲线 盛饭 查看 查出 查体 农业 甘油 甘味 左侧 宁可 尚且 舒服 舒适 舒畅 成果 全名 常聚 谷丙".split()
)
"""Everyday words that begin with a surname's character."""

NO_ENGLISH_NAMES = frozenset(
    "a an and activation advocacy advocates all also always am any are as ask association at august april aspirin acarbose because beijing blood board but by can care"
    " center centre changhua club clubs coaching community compliance could council day december diabetes did do does data each education educators empowerment"
    " engagement event every everyone experience experts families family february first follow for forum friday from group groups had has have he health her his"
    " home hospital hotline how however i if in information insulin is it its january july june leader leaders like literacy management march may me meeting"
    " metformin might monday must my navigation navigator never no not november october of on one only or organisation organization our outcomes partners party peer"
    " peers perspective please portal privacy programme program questions records reported rights safety satisfaction saturday school self september session sessions"
    " shanghai she should so some something sometimes still stories summit sunday support supporter supporters survey team thank thanks that the their then there"
    " these they this those thursday to today together toolkit training tuesday type union voice volunteers was we wednesday week were what when where whether which who why"
    " will with would year yes you your zoom april telegram wechat whatsapp hbaicc empagliflozin semaglutide gliclazide sitagliptin dapagliflozin acceptance"
    " number name id no identity doctor dr professor prof nurse mr mrs ms miss".split()
)
"""Words with a capital letter that stand after “patient” and are no names."""

PINYIN_SURNAMES = frozenset(
    "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo lin he gao luo zheng liang xie song tang han feng deng cao peng zeng xiao tian dong pan yuan"
    " cai jiang yu du ye cheng su wei lu lv ding ren shen yao cui zhong tan wan fan shi liao jia xia fu fang bai zou meng xiong qin qiu yin xue yan duan lei hou long"
    " tao li he gu mao hao gong shao chan cheung wong leung lau chow ng lam cheng ho tsang kwok tsai hsu hsieh chiu kuo hung yeh".split()
)
