"""What people say of their company becomes facts; what they ask does not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import without_tensorflow

without_tensorflow.install()

from bot.eligibility.figures import Days
from bot.eligibility.profile import Profile, as_plain, facts_for_rules, read_plain, told
from bot.eligibility.talk import profile_bubble
from bot.eligibility.understand import understand
from bot.eligibility.words import Words
from bot.nlu.normalise import normalise
from bot.settings import ROOT
from knowledge.snapshot import Snapshot
from tests.eligibility.companies import TODAY, value_of
from tests.words import occasion

SAID = yaml.safe_load((ROOT / "tests" / "eligibility" / "said.yml").read_text(encoding="utf-8"))


def expected(name: str, value: Any) -> Any:
    if name == "founded" and " to " in str(value):
        return Days(*(date.fromisoformat(end) for end in value.split(" to ")))
    return value_of(name, value)


@pytest.mark.parametrize("example", SAID, ids=[example["said"] for example in SAID])
def test_a_message_tells_these_facts_and_no_others(example: dict[str, Any], words: Words) -> None:
    text = normalise(example["said"])
    entities = [
        {**entity, "start": text.index(part), "end": text.index(part) + len(part)}
        for part, entity in example.get("entities", {}).items()
    ]
    found = understand(text, entities, TODAY, words)
    assert found == {name: expected(name, value) for name, value in example["facts"].items()}


SAYINGS = (
    "我们 公司 成立 三年 2021年 1000年 员工 0 40 99999999999999999999999999999999 人 不到 超过 多 营收 研发 万 亿 12m % 占"
    " 没有 没 不是 上市公司 高企 注册 上海 等级 AAA 运营 个月 半 ， 。 ？ 吗 和 的 近三年"
    " founded in years old staff revenue R&D over not no listed and , . - 1e9 -5 3.14.15"
)
PIECES = st.lists(st.sampled_from(SAYINGS.split()), max_size=12)


@given(pieces=PIECES, between=st.sampled_from(["", " "]))
@settings(max_examples=400, deadline=None)
def test_whatever_is_said_can_be_noted_kept_and_shown(
    pieces: list[str], between: str, real: Snapshot, words: Words
) -> None:
    facts = understand(normalise(between.join(pieces)), [], TODAY, words)
    profile = told(Profile(), facts, TODAY, words)
    assert read_plain(as_plain(profile)) == profile
    assert None not in facts_for_rules(profile, TODAY, words).values()
    assert profile_bubble(profile, occasion(real, "zh"), words).text
