from __future__ import annotations

from bot.handoff.packet import packet, reason


def user(text: str, *, entry: str | None = None) -> dict[str, object]:
    entities = [{"entity": "entry", "value": entry}] if entry else []
    return {"event": "user", "text": text, "parse_data": {"entities": entities}}


def test_the_last_five_messages_are_handed_over() -> None:
    said = packet([user(str(number)) for number in range(8)], {}, "web")["said"]
    assert said == ["3", "4", "5", "6", "7"]


def test_what_the_assistant_said_is_not_the_users() -> None:
    assert packet([{"event": "bot", "text": "hello"}], {}, "web")["said"] == []


def test_chosen_entries_are_named_once_the_latest_first() -> None:
    events = [user("a", entry="policy.a"), user("b", entry="policy.b"), user("a", entry="policy.a")]
    assert packet(events, {}, "web")["entries"] == ["policy.a", "policy.b"]


def test_a_button_has_no_finding_and_that_is_no_harm() -> None:
    assert packet([user("更多")], {"failures": 0.0}, "web")["entries"] == []


def test_the_list_shown_last_is_handed_over() -> None:
    last = {"kind": "carriers", "filters": {}, "offset": 0, "total": 3}
    assert packet([], {"last_search": last}, "web")["last_search"] == last


def test_the_reason_is_what_happened_before() -> None:
    assert (reason({"failures": 2.0}), reason({"failures": 0.0}), reason({})) == ("not_answered", "asked", "asked")
