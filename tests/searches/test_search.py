from __future__ import annotations

import json

from bot.searches.search import Search, as_entities, asked, onward, refined, relaxations, remembered_search, unused


def test_a_message_is_narrowed_by_what_it_names() -> None:
    named = {"park": ("park.songjiang",), "free_seats": ("true",), "amount": ("500000",)}
    assert asked("carriers", named).filters == {"park": ("park.songjiang",), "free_seats": ("true",)}


def test_of_two_parks_the_first_counts_and_of_kinds_all_do() -> None:
    named = {"park": ("park.a", "park.b"), "carrier_kind": ("incubator", "accelerator")}
    assert asked("carriers", named).filters == {"carrier_kind": ("incubator", "accelerator"), "park": ("park.a",)}


def test_what_is_named_later_is_added_to_what_was_named_before() -> None:
    before = asked("carriers", {"carrier_kind": ("makerspace",), "park": ("park.a",)})
    assert refined(before, {"evaluated": ("true",)}).filters == {
        "carrier_kind": ("makerspace",),
        "park": ("park.a",),
        "evaluated": ("true",),
    }


def test_another_park_takes_the_place_of_the_first() -> None:
    before = asked("carriers", {"park": ("park.a",)})
    assert refined(before, {"park": ("park.b",)}).filters == {"park": ("park.b",)}


def test_a_district_takes_the_place_of_a_park_and_a_park_that_of_a_district() -> None:
    in_park, in_district = asked("carriers", {"park": ("park.a",)}), asked("carriers", {"district": ("xuhui",)})
    assert refined(in_park, {"district": ("xuhui",)}).filters == {"district": ("xuhui",)}
    assert refined(in_district, {"park": ("park.a",)}).filters == {"park": ("park.a",)}


def test_a_narrowed_list_begins_at_its_first_page() -> None:
    assert refined(Search("carriers", {}, offset=10), {"park": ("park.a",)}).offset == 0


def test_the_next_page_begins_behind_the_last() -> None:
    assert (onward(Search("carriers", {}, 5)).offset, onward(Search("loans", {}, 4)).offset) == (10, 8)


def test_the_least_important_filter_is_given_up_first_then_ever_more() -> None:
    search = asked("carriers", {"park": ("park.a",), "stage": ("maturing",), "evaluated": ("true",)})
    assert [names for names, _ in relaxations(search)] == [
        ("evaluated",),
        ("stage",),
        ("park",),
        ("stage", "evaluated"),
        ("park", "stage", "evaluated"),
    ]


def test_without_filters_there_is_nothing_to_give_up() -> None:
    assert list(relaxations(Search("carriers", {}))) == []


def test_what_a_list_cannot_be_narrowed_by_is_named() -> None:
    assert unused("institutes", {"stage": ("maturing",), "field": ("fintech",)}) == [("stage", "maturing")]


def test_a_search_is_remembered_in_a_slot_that_can_be_stored() -> None:
    search = asked("carriers", {"carrier_kind": ("incubator", "accelerator"), "park": ("park.a",)})
    assert remembered_search(json.loads(json.dumps(search.remembered(12)))) == search


def test_a_button_carries_one_value_or_several() -> None:
    search = asked("carriers", {"carrier_kind": ("incubator", "accelerator"), "park": ("park.a",)})
    assert as_entities(search) == {"carrier_kind": ["incubator", "accelerator"], "park": "park.a"}
