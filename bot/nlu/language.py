"""Which language a message is in: Chinese, English, or none that one could tell.

A mixed sentence counts as the language that carries its grammar, so function words decide and not the nouns between them.
"""

from __future__ import annotations

import re

_HAN = re.compile(r"[㐀-鿿]")
_LATIN = re.compile(r"[a-z]+(?:['’-][a-z]+)*", re.I)
_ASIDE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+|《[^》]*》|[A-Za-z]*\d[A-Za-z\d.,]*[万亿元%]*")
"""Addresses, titles of documents, codes and amounts say nothing about the language around them."""

_ZH_FUNCTION = re.compile(
    "什么|怎么|怎样|如何|哪[些个里家儿种]?|多少|多久|几|为什么|是否|能否|可否|有没有|没有|可以|需要|想要|应该|请问|请|帮|告诉|介绍|了解|知道|关于"
    "|[的了吗呢吧啊是在有要想能会我你您他她它们这那和与及或跟给把被让对为从到向比就也都还不没再又只已谁]"
)
_EN_FUNCTION = frozenset(
    re.findall(
        r"\S+",
        """a an the of in on at to for from by with about into under and or but not no is are was were be been being am do does did
    has have had can could will would shall should may might must i you we he she it they me my your our us their its this
    that these those there here what which who whom whose where when why how if than then so as any some all more most much
    many please tell show find give get want need know looking look let list explain help like also only just let's what's
    i'm i'd we're don't doesn't isn't can't where's who's how's it's""",
    )
)
_NEUTRAL = re.compile(r"ok|okay|emm+|hm+|haha+|wow|pdf|app|vip", re.I)
_ACRONYM = re.compile(r"[A-Z]{1,5}s?")

_NAMES = {"中文": "zh", "汉语": "zh", "普通话": "zh", "国语": "zh", "chinese": "zh", "mandarin": "zh"}
_NAMES |= {"英文": "en", "英语": "en", "english": "en"}
_OTHER = {"zh": "en", "en": "zh"}
_ZH = "(中文|汉语|普通话|国语|英文|英语)"
_POLITE = "(?:请|麻烦|能不能|能否|可以|可否|我想|我要|你能|您能|直接|都|全部|还是)*"
_WISHES = (
    # 请用英文回答; 能不能跟我讲中文; 可以用英文吗 alone, but not 合同可以用英文吗
    re.compile(
        rf"(不要|不想|不用|别)?再?{_POLITE}用(?:简体|繁体)?{_ZH}(?:来|跟我|和我|给我)?(?:回|答|说|讲|聊|交流|沟通|对话|告诉|解释|显示|吧)"
    ),
    re.compile(
        rf"(不要|不想|不用|别|不)?再?(?:说|讲|换成|换回|改成|改用|改为|切换[到成为]?|切到|转成|译成)(?:一下)?(?:简体|繁体)?{_ZH}(?![资材合网申介名填写])"
    ),
    re.compile(rf"\A\W*(不要|别)?{_POLITE}(?:用)?(?:简体|繁体)?{_ZH}版?(?:可以|好|行|谢谢)?[吗么吧]?\W*\Z"),
    re.compile(
        r"(?:\b(don't|do not|stop|not|never|can't|cannot)\s+)?(?:\w+\s+)?\b"
        r"(?:answer|reply|respond|speak|talk|continue|switch|change|say it|chat|use|translate)(?:ing)?\b[^.?!,;]{0,25}?"
        r"\b(chinese|mandarin|english)\b(?!\s+(?!please|instead|now|from|thanks|with|if|for|because|so|and)\w)",
        re.I,
    ),
    re.compile(
        r"\A\W*(not)?\s*(?:(?:please|in|to)\s+)*(chinese|mandarin|english)(?:\s*,?\s*(?:please|version))?\W*\Z", re.I
    ),
)


def language_of(text: str) -> str | None:
    """ "zh", "en" or None. `text` is normalised. An explicit wish for a language counts more than the words it is made in."""
    return wished_language(text) or _spoken_language(text)


def wished_language(text: str) -> str | None:
    for pattern in _WISHES:
        wish = pattern.search(text)
        if wish:
            named = _NAMES[wish[2].lower()]
            return _OTHER[named] if wish[1] else named
    return None


def _spoken_language(text: str) -> str | None:
    text = _ASIDE.sub(" ", text)
    han = len(_HAN.findall(text))
    words = _LATIN.findall(text)
    if not han:
        return "en" if any(not _neutral(word) for word in words) else None
    if not words:
        return "zh"
    zh_grammar = len(_ZH_FUNCTION.findall(text))
    en_grammar = sum(word == "I" or (word.lower() in _EN_FUNCTION and not _ACRONYM.fullmatch(word)) for word in words)
    if zh_grammar or en_grammar:
        return "zh" if zh_grammar >= en_grammar else "en"
    return "zh" if han >= len(words) else "en"


def _neutral(word: str) -> bool:
    """Acronyms and noises are typed in conversations of either language."""
    return word != "I" and (_ACRONYM.fullmatch(word) is not None or _NEUTRAL.fullmatch(word) is not None)
