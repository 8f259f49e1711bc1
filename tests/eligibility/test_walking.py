"""Three values: what holds for every tree, and for the real rules with any company."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.eligibility.check import check
from bot.eligibility.profile import Profile, told, unsure_of
from bot.eligibility.rules import Between, Condition, Group, Rule, Tree, judge, opposite, reads, shortest_way
from bot.eligibility.telling import DECIDED, in_order_of_telling, possible_answers
from bot.eligibility.trees import EntryRule, rules_of
from bot.eligibility.words import Words
from knowledge.snapshot import Snapshot
from tests.eligibility.companies import TODAY

UNKNOWN = "unknown"


def trees(facts: int, refer: bool = False) -> st.SearchStrategy[Tree]:
    """Over yes-or-no facts f0, f1 ...; a condition has the fact it reads for an id."""
    leaves = st.builds(
        lambda n, wanted, referred: Condition(f"{n}", f"f{n % facts} == true", wanted, referred and refer),
        st.integers(0, 99), st.booleans(), st.booleans(),
    )  # fmt: skip

    def numbered(tree: Tree) -> Tree:
        count = iter(range(1000))

        def again(part: Tree) -> Tree:
            if isinstance(part, Condition):
                return Condition(f"c{next(count)}", part.rule, part.wanted, part.refer)
            return Group(part.word, tuple(again(each) for each in part.parts))

        return again(tree)

    groups = st.recursive(
        leaves,
        lambda inner: st.builds(
            Group, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3).map(tuple)
        ),
        max_leaves=8,
    )
    return groups.map(numbered)


def companies(facts: int) -> st.SearchStrategy[dict[str, bool | None]]:
    values = st.sampled_from([True, False, None])
    return st.fixed_dictionaries({f"f{n}": values for n in range(facts)})


def known(company: dict[str, bool | None]) -> dict[str, bool]:
    return {name: value for name, value in company.items() if value is not None}


@given(trees(5, refer=True), companies(5), companies(5))
def test_more_facts_never_turn_a_final_verdict(tree: Tree, first: dict[str, Any], more: dict[str, Any]) -> None:
    before = judge(Rule(tree), first).verdict
    after = judge(Rule(tree), {**more, **known(first)}).verdict
    assert before not in DECIDED or after == before


@given(trees(5, refer=True), companies(5))
def test_not_known_never_counts_as_no(tree: Tree, company: dict[str, Any]) -> None:
    told_nothing_of_them = judge(Rule(tree), known(company))
    assert judge(Rule(tree), company) == told_nothing_of_them
    assert all(
        told_nothing_of_them.met[condition.id] is None
        for condition in Rule(tree).conditions
        if company[condition.reads[0]] is None
    )


@given(trees(4), companies(4))
def test_a_decided_verdict_is_what_every_completion_of_the_facts_gives(tree: Tree, company: dict[str, Any]) -> None:
    open_facts = [name for name, value in company.items() if value is None]
    verdicts = {
        judge(Rule(tree), {**company, **dict(zip(open_facts, values, strict=True))}).verdict
        for values in product([True, False], repeat=len(open_facts))
    }
    verdict = judge(Rule(tree), company).verdict
    assert verdict not in DECIDED or verdicts == {verdict}


@given(trees(5, refer=True), companies(5))
def test_a_fact_is_asked_only_if_its_answers_lead_to_different_ends(tree: Tree, company: dict[str, Any]) -> None:
    judgement = judge(Rule(tree), company)
    for fact in judgement.asks:
        assert company[fact] is None
        ends = [judge(Rule(tree), {**company, fact: value}) for value in (True, False)]
        assert (ends[0].verdict, ends[0].met) != (ends[1].verdict, ends[1].met)
    assert bool(judgement.asks) == (judgement.verdict not in DECIDED)


@given(trees(6), companies(6))
def test_where_each_fact_stands_once_every_asked_fact_can_turn_the_verdict(tree: Tree, company: dict[str, Any]) -> None:
    facts = iter(range(100))

    def once(part: Tree) -> Tree:
        if isinstance(part, Condition):
            return Condition(part.id, f"f{next(facts)} == true", part.wanted)
        return Group(part.word, tuple(map(once, part.parts)))

    rule = Rule(once(tree))
    names = [condition.reads[0] for condition in rule.conditions]
    company = {name: company.get(name, True) for name in names}
    asked = judge(rule, company).asks
    others = [name for name in names if company[name] is None]

    def turns(fact: str) -> bool:
        rest = [name for name in others if name != fact]
        return any(
            judge(rule, {**company, **dict(zip(rest, values, strict=True)), fact: True}).verdict
            != judge(rule, {**company, **dict(zip(rest, values, strict=True)), fact: False}).verdict
            for values in product([True, False], repeat=len(rest))
        )

    assert set(asked) == {fact for fact in others if turns(fact)}


@given(trees(5, refer=True), companies(5))
def test_the_shortest_way_leads_to_a_fit(tree: Tree, company: dict[str, Any]) -> None:
    rule = Rule(tree)
    way = shortest_way(rule, company)
    assert way == judge(rule, company).way
    changed = {each.id: each for each in rule.conditions if each.id in (*way.failed, *way.judged)}
    met = dict(judge(rule, company).met)
    met |= dict.fromkeys(changed, True)
    met |= {each.id: True for each in rule.conditions if each.reads[0] in way.missing}
    assert _holds(tree, met)


def _holds(tree: Tree, met: dict[str, Any]) -> bool:
    if isinstance(tree, Condition):
        return met[tree.id] is True
    return (all if tree.word == "all" else any)(_holds(part, met) for part in tree.parts)


@given(trees(5), companies(5))
def test_the_opposite_of_a_tree_is_met_exactly_when_the_tree_is_not(tree: Tree, company: dict[str, Any]) -> None:
    said, turned = (judge(Rule(each), company).verdict for each in (tree, opposite(tree)))
    assert (said == "fits") == (turned == "does_not")
    assert (said == "does_not") == (turned == "fits")


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_the_real_rules_keep_a_final_verdict_and_ask_nothing_needless(data: st.DataObject, real: Snapshot) -> None:
    of = rules_of(real)[data.draw(st.sampled_from(sorted(rules_of(real))))]
    company = drawn_company(data, of)
    more = {**drawn_company(data, of), **company}
    judgement = judge(of.rule, company)
    if judgement.verdict in DECIDED:
        assert judge(of.rule, more).verdict == judgement.verdict
    for fact in judgement.asks:
        assert makes_a_difference(fact, of.rule, company)
    assert set(in_order_of_telling(of.rule, company, judgement)) == set(judgement.asks)


def makes_a_difference(fact: str, rule: Rule, company: dict[str, Any]) -> bool:
    """Of a share with two parts missing each one does together with the other."""
    parts = {name for formula in rule.derived.values() if fact in reads(formula) for name in reads(formula)}
    others = sorted(parts - company.keys() - {fact})
    for values in product(*(possible_answers(other, rule) for other in others)):
        with_others = {**company, **dict(zip(others, values, strict=True))}
        ends = [judge(rule, {**with_others, fact: value}) for value in possible_answers(fact, rule)]
        if len({(end.verdict, tuple(end.met.items())) for end in ends}) > 1:
            return True
    return False


def drawn_company(data: st.DataObject, of: EntryRule) -> dict[str, Any]:
    """Some facts of those the rule can ask for, each with one of the answers that make a difference."""
    company = {}
    for fact in sorted(judge(of.rule, {}).asks):
        answer = data.draw(st.sampled_from([UNKNOWN, *possible_answers(fact, of.rule)]), fact)
        if answer != UNKNOWN:
            company[fact] = answer
    return company


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_asking_in_order_always_ends(data: st.DataObject, real: Snapshot, words: Words) -> None:
    entry_id = data.draw(st.sampled_from([name for name, of in rules_of(real).items() if of.entry.status != "expired"]))
    rule, profile, asked = rules_of(real)[entry_id].rule, Profile(), list[str]()
    while True:
        found = check(entry_id, profile, real, TODAY, words)
        assert found is not None
        if found.next_fact is None:
            break
        assert found.next_fact not in asked
        asked.append(found.next_fact)
        answer = data.draw(st.sampled_from([UNKNOWN, *possible_answers(found.next_fact, rule)]))
        profile = (
            unsure_of(profile, found.next_fact)
            if answer == UNKNOWN
            else told(profile, {found.next_fact: answer}, TODAY, words)
        )
    assert found.verdict in DECIDED or set(found.judgement.asks) <= profile.unsure


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_rough_number_decides_only_what_every_number_in_it_decides(data: st.DataObject, real: Snapshot) -> None:
    rule = rules_of(real)["policy.tech-sme-innovation-fund"].rule
    low, width, inside = (data.draw(st.integers(0, 10**9)) for _ in range(3))
    company = {"rd_spend_cny": Decimal(10_000_000), "listed": False, "employees": Decimal(40)}
    rough = judge(rule, {**company, "revenue_cny": Between(Decimal(low), Decimal(low + width))})
    exact = judge(rule, {**company, "revenue_cny": Decimal(low + inside % (width + 1))})
    assert all(value is None or exact.met[name] in (value, None) for name, value in rough.met.items())
