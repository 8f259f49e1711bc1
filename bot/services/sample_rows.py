"""The sample listings at the zone's real size. How the 118 divide into incubators and accelerators is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path

import yaml

from bot.seeding import Dice, Rows
from bot.services import tables as t
from bot.services.sample_sheet import CONFIRMED, Park, Sheet

EVALUATED, MAKERSPACES, INCUBATORS, ACCELERATORS = 45, 45 + 220, 94, 24
INSTITUTES, ORGANIZATIONS, INVESTORS, NEEDS, TRAININGS, POINTS_PER_PARK = 1_558, 4_000, 300, 150, 60, 6
FIRST_TRAINING = date(2026, 11, 10)
WEEKDAYS = "MO,TU,WE,TH,FR"
OFFERS = ("workspace", "mentoring", "financing", "training")
STAGES = ("beginning", "developing", "maturing")
STAGES_OF = {"makerspace": STAGES[:1], "incubator": STAGES[:2], "accelerator": STAGES[1:]}

Points = Mapping[str, Sequence[str]]
"""Park -> its service points, where organisations have their desks."""


def sample_rows(parks: Sequence[Park]) -> Rows:
    words = yaml.safe_load((Path(__file__).parent / "sample.yml").read_text(encoding="utf-8"))
    sheet = Sheet(sorted(parks, key=lambda park: park.id), words, Dice(118_45_220))
    _carriers(sheet)
    points = _service_points(sheet)
    _institutes(sheet)
    _organizations(sheet, points)
    _investors(sheet, points)
    _needs(sheet)
    _trainings(sheet, points)
    return sheet.rows


def _carriers(sheet: Sheet) -> None:
    for kind, count in (("makerspace", MAKERSPACES), ("incubator", INCUBATORS), ("accelerator", ACCELERATORS)):
        for index in range(count):
            park, n = sheet.parks[index % len(sheet.parks)], index // len(sheet.parks) + 1
            key = f"{kind}.demo-{park.slug}-{n:02}"
            place = sheet.add_location(f"location.{kind}-{park.slug}-{n:02}", park)
            sheet.add_listing(key, kind, sheet.words["carriers"][kind], at=place, park=park.short, n=n)
            _carrier(sheet, key, kind, evaluated=kind == "makerspace" and index < EVALUATED)


def _carrier(sheet: Sheet, key: str, kind: str, *, evaluated: bool) -> None:
    dice, small = sheet.dice, kind == "makerspace"
    by = sheet.words["evaluated_by"]
    seats = 30 + 10 * dice.below(18)
    sheet.add(
        t.carriers,
        id=key,
        evaluated=evaluated if small else None,
        evaluated_by_zh=by["zh"] if evaluated else None,
        evaluated_by_en=by["en"] if evaluated else None,
        grade=dice.pick("ABC") if evaluated else None,
        year=2024 + dice.below(2) if evaluated else None,
        level=None if small else dice.pick(("national", "city", "district")),
        area_m2=seats * (8 if small else 40),
        seats=seats,
        seats_free=dice.pick((None, 0, dice.below(seats // 3), 1 + dice.below(seats // 2), 1 + dice.below(seats // 4))),
        desk_month_cny=dice.pick((None, Decimal(600 + 50 * dice.below(30)), Decimal(800 + 50 * dice.below(20)))),
        seed_fund_cny=None if small else Decimal(1_000_000 * (1 + dice.below(20))),
        max_stay_months=dice.pick((12, 24, 36, 42, 48)),
    )
    stages = STAGES[:2] if small and dice.below(3) == 0 else STAGES_OF[kind]
    sheet.add_codes(key, field=_fields(sheet, 3), stage=stages, offer=dice.some(OFFERS, 4))
    sheet.add_hours(WEEKDAYS, time(9), time(18 + dice.below(3)), listing=key)


def _fields(sheet: Sheet, most: int) -> list[str]:
    return sheet.dice.some(list(sheet.words["fields"]), most)


def _service_points(sheet: Sheet) -> Points:
    name = sheet.words["service_point"]
    return {
        park.id: [
            sheet.add_location(f"location.{park.slug}-{n}", park, name, park=park.short, n=n)
            for n in range(1, POINTS_PER_PARK + 1)
        ]
        for park in sheet.parks
    }


def _any_point(sheet: Sheet, points: Points) -> str:
    return sheet.dice.pick(points[sheet.dice.pick(sheet.parks).id])


def _institutes(sheet: Sheet) -> None:
    for n in range(1, INSTITUTES + 1):
        key, fields = f"institute.demo-{n:04}", _fields(sheet, 2)
        place = sheet.add_location(f"location.institute-{n:04}", sheet.dice.pick(sheet.parks))
        field = sheet.words["fields"][fields[0]]
        sheet.add_listing(key, "institute", sheet.words["institute"], at=place, field=field, n=n)
        sheet.add(t.institutes, id=key, seeks_partners=sheet.dice.below(3) > 0)
        sheet.add_codes(key, field=fields)


def _organizations(sheet: Sheet, points: Points) -> None:
    categories = list(sheet.words["organizations"])
    for n in range(1, ORGANIZATIONS + 1):
        key, category = f"org.demo-{n:04}", categories[n % len(categories)]
        home = sheet.dice.pick(points[sheet.parks[n % len(sheet.parks)].id])
        sheet.add_listing(key, "organization", sheet.words["organizations"][category], at=home, n=n)
        sheet.add(t.organizations, id=key, uscc=None)
        sheet.add_codes(key, language=("zh", "en") if sheet.dice.below(3) == 0 else ("zh",))
        for number, service in enumerate(sheet.dice.some(sheet.words["services"][category], 2), start=1):
            _service(sheet, f"service.demo-{n:04}-{number}", key, category, service)
            _desks(sheet, f"service.demo-{n:04}-{number}", home, _any_point(sheet, points))


def _service(sheet: Sheet, key: str, organization: str, category: str, service: Mapping[str, str]) -> None:
    sheet.add_listing(key, "service", service, at=None, phone=False)
    sheet.add(
        t.services,
        id=key,
        organization=organization,
        category=category,
        platform_function=service["function"],
        platform_offer=service["offer"],
        status="active",
        fee_from_cny=sheet.dice.pick((None, Decimal(0), Decimal(500 * (1 + sheet.dice.below(40))))),
    )
    sheet.add_codes(key, stage=sheet.dice.some(STAGES, 3))


def _desks(sheet: Sheet, service: str, home: str, away: str) -> None:
    """At home, and for a third of the services somewhere else on some days."""
    places = dict.fromkeys((home, away) if sheet.dice.below(3) == 0 else (home,))
    desk = sheet.words["desk"]
    for number, place in enumerate(places, start=1):
        key, n = f"{service}-at-{number}", 1 + sheet.dice.below(9)
        names = {"desk_zh": desk["zh"].format(n=n), "desk_en": desk["en"].format(n=n)}
        sheet.add(t.service_at_locations, id=key, service=service, location=place, **names)
        if place == home:
            sheet.add_hours(WEEKDAYS, time(9), time(17), at=key)
        else:
            sheet.add_hours(sheet.dice.pick(("TU,TH", "MO,WE,FR")), time(13, 30), time(17), at=key)


def _investors(sheet: Sheet, points: Points) -> None:
    for n in range(1, INVESTORS + 1):
        key, least = f"investor.demo-{n:03}", Decimal(500_000 * (1 + sheet.dice.below(20)))
        sheet.add_listing(key, "investor", sheet.words["investor"], at=_any_point(sheet, points), n=n)
        sheet.add(t.investors, id=key, ticket_min_cny=least, ticket_max_cny=least * (2 + sheet.dice.below(9)))
        sheet.add_codes(key, field=_fields(sheet, 4), stage=sheet.dice.some(STAGES, 2))


def _needs(sheet: Sheet) -> None:
    for kind in ("financing_need", "research_need"):
        for n in range(1, NEEDS + 1):
            key, until = f"{kind}.demo-{n:03}", CONFIRMED + timedelta(days=7 * sheet.dice.below(40))
            sheet.add_listing(key, kind, sheet.words[kind], at=None, phone=False, n=n)
            amount = Decimal(500_000 * (1 + sheet.dice.below(40))) if kind == "financing_need" else None
            sheet.add(t.needs, id=key, amount_cny=amount, open_until=until)
            sheet.add_codes(key, field=_fields(sheet, 1), stage=sheet.dice.some(STAGES, 1))


def _trainings(sheet: Sheet, points: Points) -> None:
    university = sheet.add_location("location.university", None, sheet.words["university"])
    courses = sheet.words["training"]
    for n in range(1, TRAININGS + 1):
        key, course = f"training.demo-{n:02}", courses[n % len(courses)]
        starts = FIRST_TRAINING + timedelta(days=4 * (n - 1))
        place = university if "university_student" in course["audience"] else _any_point(sheet, points)
        sheet.add_listing(key, "training", course, at=place, phone=False, n=n)
        sheet.add(
            t.training_sessions,
            id=key,
            starts=starts,
            ends=starts + timedelta(days=sheet.dice.below(3)),
            apply_by=starts - timedelta(days=7 + sheet.dice.below(10)),
            seats=20 + 10 * sheet.dice.below(5),
        )
        sheet.add_codes(key, audience=course["audience"])
