"""The conditions of an entry as short lines: the labels of its eligibility tree, never its rules."""

from __future__ import annotations

from bot.answers.occasion import Occasion
from knowledge.eligibility_tree import AllOf, Condition, Leaf, Not


def condition_lines(tree: Condition, occasion: Occasion) -> list[str]:
    branches = tree.all if isinstance(tree, AllOf) else (tree,)
    return [occasion.say("utter_bullet", line=_in_one_line(branch, occasion)) for branch in branches]


def _in_one_line(tree: Condition, occasion: Occasion) -> str:
    say = occasion.say
    if isinstance(tree, Leaf):
        return occasion.text(tree.label)
    if isinstance(tree, Not):
        return say("utter_none_of", options=_in_one_line(tree.branch, occasion))
    name, branches = ("utter_all_of", tree.all) if isinstance(tree, AllOf) else ("utter_one_of", tree.any)
    if len(branches) == 1:
        return _in_one_line(branches[0], occasion)
    return say(name, options=say("utter_option_separator").join(_in_one_line(branch, occasion) for branch in branches))
