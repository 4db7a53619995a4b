"""Bounds on the size of the diagrams of a stack, and the message where the law exceeds them."""

from __future__ import annotations

from comity.finding import Finding, InputFault, Place

AFTER_MAX = 1_000  # combinations of answers that are tried to see what a fact would narrow
TRUTHS_TRIED_MAX = 1_000_000  # of atoms for values of one fact that has no order
COMPARISONS_MAX = 1_000_000  # of parts of the bodies of quantifiers, to see which implies which
IMPLICATIONS_MAX = 1_000_000  # between the quantifiers of a stack
BRANCHES_MAX = 1_000_000  # of all diagrams of a stack; that of the shipped law with the most has some hundred
CHECKED_BRANCHES_MAX = 150_000  # the same of a large stack in a check of law files, which has seconds for all of them
LARGE_STACK = 1_000  # effects
JOINT_BRANCHES_MAX = 300_000  # of these, to answer all actions by one diagram


def checked_branches_max(effects: int) -> int:
    """How many branches the diagrams of a stack of so many effects may have in a check of law files."""
    return CHECKED_BRANCHES_MAX if effects > LARGE_STACK else BRANCHES_MAX


class TooLarge(InputFault):
    """Raised where a stack's conditions together are larger than a diagram may be."""

    def __init__(self) -> None:
        message = "the conditions of the law in force here ask too much at once to be decided"
        help = "split conditions that combine many questions, or state fewer alternatives"
        super().__init__([Finding("law-too-large", Place("law"), message, help)])
