"""Help texts for a fact or a literal of the wrong kind: how it would be written correctly."""

from __future__ import annotations

from typing import assert_never

from comity.facts import kinds
from comity.facts.synonyms import find_meanings, suggest_choices
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.show import show

NAMED_MAX = 8  # members named in full


def as_condition(path: str, kind: kinds.Kind, member: str = "") -> str:
    """How a condition asks about a fact of the kind, with the member that was meant if there is one."""
    match kind:
        case kinds.Truth():
            return f"write {path} or !{path}"
        case kinds.Number():
            return f"compare it with a whole number, as in {path} >= 1"
        case kinds.Day():
            return f'compare it with a day, as in {path} >= day("2014-12-14")'
        case kinds.Moment():
            return "ask for a day"
        case kinds.Text():
            return f'compare it with a name, as in {path} == "a name"'
        case kinds.Choice(members):
            return f'compare it with one of its members, as in {path} == "{_meant(member, members)}"'
        case kinds.Set(members):
            return f'ask for one of its members, as in "{_meant(member, members)}" in {path}'
        case kinds.Records(fields):
            return f"ask for a record, as in {path}.exists(x, x.{next(iter(fields), 'field')} ...)"
        case _:
            assert_never(kind)


def as_value(node: syntax.Node, wanted: kinds.Kind) -> str:
    """How a value of the wanted kind is written in place of `node`."""
    text = node.value if isinstance(node, syntax.Text) else ""
    match wanted:
        case kinds.Number():
            return f"write {text} without quotes" if text.isascii() and text.isdigit() else "name a whole number"
        case kinds.Day():
            return f"write day({show(node)})" if text else 'name a day, as in day("2014-12-14")'
        case kinds.Choice(members):
            return f"name one of its members in quotes: {_listed(members)}"
        case kinds.Text():
            return "name it in quotes"
        case kinds.Truth():
            return "compare it with true or false, or write it alone"
        case _:
            return "compare like with like"


def one_of(word: str, members: tuple[str, ...], vocabulary: Vocabulary) -> str:
    """The members that a word may mean, also as a synonym; or else all members.

    As in a request, a suggestion never leads to another form or act.
    """
    names = next(
        (
            vocabulary.names[path]
            for path, entry in vocabulary.entries.items()
            if entry.words and getattr(entry.kind, "members", None) == members
        ),
        {member: (member,) for member in members},
    )
    meant = find_meanings(word, names) or suggest_choices(word, names)
    quoted = [f'"{member}"' for member in meant]
    if len(meant) > 1:
        return f"it may mean {' or '.join(quoted)}: write the one that is meant"
    return f"did you mean {quoted[0]}?" if meant else f"it is one of {_listed(members)}"


def _listed(members: tuple[str, ...]) -> str:
    more = len(members) - NAMED_MAX
    return ", ".join(members[:NAMED_MAX]) + (f" and {more} more" if more > 0 else "")


def _meant(member: str, members: tuple[str, ...]) -> str:
    return member if member in members or not members else members[0]
