"""The law on immigration detainers, as data that runs.

`comity.decide(request)` decides one request and explains the answer, `comity.clock_hold(request)` says when a hold on it must
end, `comity.clock_holds(table)` when many must, and `comity.law_at(place, on=day)` shows the law in force.
`comity.replay(table)` decides stored requests under the law of their day or any other, `comity.compare(table, a, b)` under two
laws. `comity.prove(claim, law)` proves a claim about every request, `comity.diff(a, b)` lists the requests that two laws treat
differently, `comity.classify(place, on=day)` says which definitions of a sanctuary jurisdiction a place meets,
`comity.cost(table, place=...)` what holds cost and who pays, `comity.money_at_stake(place, on=day)` which federal money is at
stake, `comity.describe_context(place)` who lives there, and `comity.weigh(table, a, b)` weighs two laws for a board.

`law = comity.open(folders)` reads the law once and holds it open: `law.decide(request)`, `law.outcomes(request)`,
`law.decide_many(requests)` and all the others. Nothing is read or imported until one of them is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.version import VERSION

if TYPE_CHECKING:
    from comity.api import classify as classify
    from comity.api import clock_hold as clock_hold
    from comity.api import clock_holds as clock_holds
    from comity.api import compare as compare
    from comity.api import cost as cost
    from comity.api import decide as decide
    from comity.api import describe_context as describe_context
    from comity.api import diff as diff
    from comity.api import law_at as law_at
    from comity.api import load as load
    from comity.api import money_at_stake as money_at_stake
    from comity.api import open as open
    from comity.api import prove as prove
    from comity.api import replay as replay
    from comity.api import weigh as weigh
    from comity.finding import InputFault as InputFault
    from comity.session import Law as Law

__version__ = VERSION
__all__ = [
    "InputFault", "Law", "classify", "clock_hold", "clock_holds", "compare", "cost", "decide", "describe_context", "diff", "law_at",
    "load", "money_at_stake", "open", "prove", "replay", "weigh",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'comity' has no attribute '{name}'")
    if name == "InputFault":
        from comity.finding import InputFault  # noqa: PLC0415  light until it is used

        return InputFault
    from comity import api  # noqa: PLC0415  light until it is called

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__doc__", "__name__", "__version__"])
