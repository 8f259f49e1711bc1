"""The dashboard and the alerts ask for figures that there are."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.conversations.roster import report
from bot.databases import writing
from bot.metrics import ACCEPTED, REFUSED, SENDS, TURN_STAGE_SECONDS
from bot.operations import scraped
from bot.settings import ROOT
from tests.houses import Clock, House
from tests.servers import fresh_sqlite

DASHBOARD = json.loads((ROOT / "ops" / "grafana" / "assistant.json").read_text())
RULES = [
    rule
    for group in yaml.safe_load((ROOT / "ops" / "prometheus" / "alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
PROMETHEUS = {"up": {"job", "instance"}}  # what it knows by itself
ADDED = {"job", "instance", "le"}
WORDS = re.compile(
    r"\b(sum|max|min|by|on|and|or|absent|rate|increase|offset|vector|histogram_quantile)\b|\d+[smh]\b|\$__rate_interval"
)


def queries() -> Iterator[Any]:
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", []):
            yield pytest.param(target["expr"], id=f"{panel['title']} {target['refId']}")
    for rule in RULES:
        yield pytest.param(rule["expr"], id=rule["alert"])


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Every series after a little of everything has happened: name -> names of its labels."""
    house = House(fresh_sqlite(tmp_path_factory.mktemp("watched")), Clock())
    house.say("hello")
    asyncio.run(house.worker().serve_one())
    with writing(house.databases.conversations) as session:
        report(session, "one", "model", house.clock(), house.clock())
    ACCEPTED.labels(channel="web").inc(0)
    REFUSED.labels(channel="web", reason="too_many").inc(0)
    SENDS.labels(channel="telegram", outcome="sent").inc(0)
    TURN_STAGE_SECONDS.labels(stage="understand")
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(scraped(house.databases, house.clock()).decode()):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    house.databases.dispose()
    return found | PROMETHEUS


def asked_for(query: str) -> tuple[set[str], set[str]]:
    """Names of the series, names of the labels. Whatever else stands in the query is a word of the language."""
    labels = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"", query))
    labels |= {name.strip() for group in re.findall(r"by \(([^)]*)\)", query) for name in group.split(",")}
    rest = re.sub(r"\{[^}]*\}|by \([^)]*\)", "", query)
    return set(re.findall(r"[a-z_]{2,}", WORDS.sub(" ", rest))), labels


@pytest.mark.parametrize("query", queries())
def test_a_query_asks_for_series_and_labels_that_there_are(query: str, real: dict[str, set[str]]) -> None:
    series, labels = asked_for(query)
    assert series
    assert series - set(real) == set()
    known = set().union(*(real[name] for name in series)) | ADDED
    assert labels - known == set()


def test_every_series_of_ours_is_on_the_dashboard(real: dict[str, set[str]]) -> None:
    asked = " ".join(target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", []))
    ours = {re.sub(r"_(bucket|sum|count|created)$", "", name) for name in real if name.startswith("assistant_")}
    assert sorted(name for name in ours if name not in asked and f"{name}_total" not in real) == []


def test_names_follow_the_conventions(real: dict[str, set[str]]) -> None:
    from prometheus_client import REGISTRY

    for family in REGISTRY.collect():
        if family.name.startswith("assistant_"):
            assert family.documentation, family.name
            assert not (family.type == "histogram" and not family.name.endswith("_seconds")), family.name
            assert not re.search("_(ms|milliseconds|minutes|mb|percent)$", family.name)
    assert all(
        name.endswith("_total")
        for name in real
        if name in {f"{f.name}_total" for f in REGISTRY.collect() if f.type == "counter"}
    )


def test_no_label_can_hold_a_person_or_a_conversation(real: dict[str, set[str]]) -> None:
    labels = set().union(*(names for name, names in real.items() if name.startswith("assistant_")))
    assert labels <= {"channel", "reason", "outcome", "stage", "state", "model", "le"}


def test_panels_do_not_lie_on_each_other() -> None:
    places: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        mine = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not mine & places, panel["title"]
        assert at["x"] + at["w"] <= 24
        places |= mine
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_every_alert_says_what_it_means_how_urgent_it_is_and_where_to_read_on() -> None:
    assert len({rule["alert"] for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
        assert set(rule["annotations"]) == {"summary", "runbook"}, rule["alert"]
