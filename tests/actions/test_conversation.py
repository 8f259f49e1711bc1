from __future__ import annotations

from tests.actions.conftest import Chat, found


async def test_a_switch_of_language_is_confirmed(chat: Chat) -> None:
    assert await chat.run("action_switch_language", finding=found("decline")) == "utter_language_switched"


async def test_which_languages_the_hotline_speaks_is_a_question(english: Chat) -> None:
    said = await english.run(
        "action_switch_language", entry="service.12345-hotline", finding=found("answer", "service.12345-hotline")
    )
    assert "12345" in said
    assert said != "utter_language_switched"


async def test_starting_over_forgets_the_list_and_the_declines_but_not_the_language(english: Chat) -> None:
    await english.run("action_find_institutes")
    await english.run("action_answer", finding=found("decline"))
    assert await english.run("action_restart_conversation") == "utter_restarted"
    assert english.slots == {"language": "en", "last_search": None, "failures": 0.0}
