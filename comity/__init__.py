"""The law on immigration detainers, as data that runs.

`comity.decide(request)` answers for one request, `comity.clock(request)` says when a hold on it must end and
`comity.holds(table)` when many must, and `comity.law(place, on=day)` shows the law in force. `comity.replay(table)` puts stored
requests under the law of their day or any other, `comity.compare(table, a, b)` under two laws. `comity.prove(claim, law)` proves
a claim about every request, `comity.diff(a, b)` tells which of them two laws treat differently,
`comity.classify(place, on=day)` asks what definitions of a contested word come to there, `comity.cost(table, place=...)`
what holds cost and who pays, and `comity.funding(place, on=day)` which federal money is at stake; `comity.weigh(table, a, b)`
weighs two laws for a board. `comity.load(folders)` reads the law once for many calls. Nothing is read or imported until one of
them is called.
"""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from comity.version import VERSION

if TYPE_CHECKING:
    from comity.api import classify as classify
    from comity.api import clock as clock
    from comity.api import compare as compare
    from comity.api import cost as cost
    from comity.api import decide as decide
    from comity.api import diff as diff
    from comity.api import funding as funding
    from comity.api import holds as holds
    from comity.api import law as law
    from comity.api import load as load
    from comity.api import prove as prove
    from comity.api import replay as replay
    from comity.api import weigh as weigh
    from comity.finding import InputFault as InputFault
else:
    from comity import clock, funding, law

    class _Room(ModuleType):
        """A package of the house that can be called: `comity.law(...)` asks the door, `comity.law.rank` is a module."""

        def __call__(self, *given: Any, **named: Any) -> Any:
            from comity import api as calls  # noqa: PLC0415  light until it is called

            return getattr(calls, self.__name__.rpartition(".")[2])(*given, **named)

    for _room in (clock, funding, law):
        _room.__class__ = _Room

__version__ = VERSION
__all__ = [
    "InputFault", "classify", "clock", "compare", "cost", "decide", "diff", "funding", "holds", "law", "load", "prove", "replay", "weigh",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in ("classify", "compare", "cost", "decide", "diff", "holds", "load", "prove", "replay", "weigh"):
        from comity import api as calls  # noqa: PLC0415  light until it is called

        return getattr(calls, name)
    if name == "InputFault":
        from comity.finding import InputFault  # noqa: PLC0415  light until it is called

        return InputFault
    raise AttributeError(f"module 'comity' has no attribute '{name}'")
