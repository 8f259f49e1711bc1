from __future__ import annotations

from bot.answers.buttons import button, shortened


def test_a_payload_is_an_intent_with_its_entities() -> None:
    assert (
        button("创新券", "choose_entry", {"entry": "policy.voucher"}).payload
        == '/choose_entry{"entry": "policy.voucher"}'
    )


def test_a_payload_without_entities_is_the_intent_alone() -> None:
    assert button("更多", "show_more").payload == "/show_more"


def test_twenty_chinese_characters_fit() -> None:
    assert shortened("张" * 20) == "张" * 20


def test_a_longer_chinese_title_is_cut() -> None:
    assert shortened("张" * 21) == "张" * 19 + "…"


def test_forty_latin_characters_fit_and_more_are_cut() -> None:
    assert (shortened("x" * 40), shortened("x" * 41)) == ("x" * 40, "x" * 39 + "…")
