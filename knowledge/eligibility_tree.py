"""Who is eligible: a tree of `all`, `any` and `not` whose leaves are one comparison each."""

from typing import Any, Literal

from pydantic import Field, validator

from knowledge.fields import Bilingual, Part
from knowledge.scalars import Code, EntryId, Link, Text, WrongError, YesNo


class RuleFact(Part):
    """Something conditions ask about a company, and how it is asked for."""

    type: Literal["boolean", "number", "text"]
    unit: Bilingual | None
    label: Bilingual
    question: Bilingual


class Basis(Part):
    """Where a condition comes from: `source` names it, `quote` is its wording."""

    source: Text | None
    doc_no: Text | None
    article: Text | None
    url: Link | None
    quote: Text | None


class Leaf(Part):
    """`refer`: when it is not met, a person judges instead of the rule."""

    id: Code
    rule: Text
    label: Bilingual
    if_false: Bilingual | None
    next: EntryId | None
    basis: Basis | None
    refer: YesNo | None


class AllOf(Part):
    all: tuple[Any, ...]

    @validator("all", each_item=True)
    @classmethod
    def branches(cls, value: Any) -> "Condition":
        return read_condition(value)


class AnyOf(Part):
    any: tuple[Any, ...]

    @validator("any", each_item=True)
    @classmethod
    def branches(cls, value: Any) -> "Condition":
        return read_condition(value)


class Not(Part):
    branch: Any = Field(..., alias="not")

    @validator("branch")
    @classmethod
    def one_branch(cls, value: Any) -> "Condition":
        return read_condition(value)


Condition = AllOf | AnyOf | Not | Leaf


def read_condition(value: Any) -> Condition:
    if isinstance(value, (AllOf, AnyOf, Not, Leaf)):
        return value
    if not isinstance(value, dict):
        raise WrongError("want_condition")
    for word, model in (("all", AllOf), ("any", AnyOf)):
        if word in value:
            if not value[word]:
                raise WrongError("want_condition")
            return model.parse_obj(value)
    return Not.parse_obj(value) if "not" in value else Leaf.parse_obj(value)


def leaves(
    condition: Condition, path: tuple[str | int, ...] = ()
) -> list[tuple[tuple[str | int, ...], Leaf]]:
    """Every leaf with its path below the tree, in the order of the file."""
    if isinstance(condition, Leaf):
        return [(path, condition)]
    if isinstance(condition, Not):
        return leaves(condition.branch, (*path, "not"))
    word, branches = ("all", condition.all) if isinstance(condition, AllOf) else ("any", condition.any)
    return [leaf for at, branch in enumerate(branches) for leaf in leaves(branch, (*path, word, at))]
