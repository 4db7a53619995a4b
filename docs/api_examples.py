"""The examples of the page on the Python API, by name. A test runs each at the root of the checkout, as doctest does."""

from __future__ import annotations

REQUEST = """>>> import comity
>>> request = {
...     "place": "us/fl/miami-dade",
...     "at": "2017-01-25T09:00:00-05:00",
...     "request": {"form": "i247d"},
...     "subject": {"citizenship": "none_claimed"},
... }
"""
EXAMPLES = {
    "comity.open": """>>> law = comity.open()
>>> law.decide(request).law_version == law.version
True
""",
    "comity.load": """>>> library = comity.load()
>>> library.instruments["us/i247a"].title
'Form I-247A, notice of action'
""",
    "comity.decide": """>>> decision = comity.decide(request)
>>> decision.outcome("hold")
'forbidden'
>>> decision.actions["hold"].determining
('us/fl/miami-dade/r-1008-13#1',)
>>> comity.decide(request, at="2017-01-26T09:00:00-05:00").outcome("hold")
'required'
""",
    "comity.clock_hold": """>>> clock = comity.clock_hold(place="us/fl/miami-dade", eligible_at="2017-09-01T15:00:00-04:00", form="i247a")
>>> clock.until.isoformat()
'2017-09-03T15:00:00-04:00'
""",
    "comity.clock_holds": """>>> import pyarrow
>>> holds = pyarrow.table({"custody.release_eligible_at": ["2017-09-01T15:00:00-04:00", "soon"]})
>>> [str(until) for until in comity.clock_holds(holds, place="us/fl/miami-dade")["until"].to_pylist()]
['2017-09-03 19:00:00+00:00', 'None']
>>> comity.clock_holds(holds, place="us/fl/miami-dade")["finding"].to_pylist()
[None, 'not-a-moment']
""",
    "comity.law_at": """>>> view = comity.law_at("us/fl/miami-dade", on="2017-01-26")
>>> [(entry.provision, entry.effect) for entry in view.actions["hold"]]
[('us/fl/miami-dade/memo-2017-01-26#1', 'requires'), ('us/citizens#1', 'forbids')]
""",
    "comity.classify": """>>> comity.classify("us/fl/miami-dade", on="2017-01-25").meets("def-cis")
True
""",
    "comity.money_at_stake": """>>> comity.money_at_stake("us/fl/miami-dade", on="2017-02-01").conditions["eo13768-9a"].breached
False
""",
    "comity.describe_context": """>>> [count] = comity.describe_context("us/fl/miami-dade").foreign_born
>>> (count.number, count.rank)
(1391622, 2)
""",
    "comity.replay": """>>> result = comity.replay("policies/demo/requests-2016.csv")
>>> result.to_dict()["outcomes"]["hold"]
{'forbidden': 100}
""",
    "comity.compare": """>>> before, after = "us/fl/miami-dade@2017-01-25", "us/fl/miami-dade@2017-01-26"
>>> comity.compare("policies/demo/requests-2016.csv", before, after).verdicts("hold")
{'different': 100}
""",
    "comity.cost": """>>> comity.cost("policies/demo/holds.csv", place="us/fl/miami-dade").rows
4
""",
    "comity.weigh": """>>> before, after = "us/fl/miami-dade@2017-01-25", "us/fl/miami-dade@2017-01-26"
>>> choice = comity.weigh("policies/demo/requests-2016.csv", before, after, days=2)
>>> sorted(choice.to_dict()["break_even"])
['high', 'low', 'middle']
""",
    "comity.prove": """>>> comity.prove("never", "us/fl/miami-dade@2017-01-26", action="notify", outcome="forbidden").holds
True
""",
    "comity.diff": """>>> comity.diff("us/fl/miami-dade@2017-01-25", "us/fl/miami-dade@2017-01-26").equivalent
False
""",
    "comity.InputFault": """>>> try:
...     comity.decide({**request, "subject": {"age": "34"}})
... except comity.InputFault as fault:
...     print(fault)
...     print(fault.without_values())
request: subject.age: subject.age is "34"; write a whole number from 0 [not-a-number]
request: subject.age: subject.age is …; write a whole number from 0 [not-a-number]
""",
    "Law.outcomes": """>>> comity.open().outcomes(request)["hold"]
('forbidden',)
""",
    "Law.decide_many": """>>> law = comity.open()
>>> [decision.outcome("hold") for decision in law.decide_many([request, request])]
['forbidden', 'forbidden']
""",
    "Law.place": """>>> comity.open().place("us/fl/miami-dade-county").path
'us/fl/miami-dade'
""",
    "Law.refresh": """>>> law = comity.open()
>>> law.refresh() is law
True
""",
    "Decision.outcome": """>>> comity.decide(request).outcome("detain")
Traceback (most recent call last):
comity.finding.InputFault: action: there is no action "detain"; did you mean "hold"? [unknown-action]
""",
    "Decision.to_dict": """>>> comity.decide(request).to_dict()["actions"]["hold"]["possible"]
['forbidden']
""",
    "comity.schemas.request_schema": """>>> from comity.schemas import request_schema
>>> request_schema()["required"]
['place']
""",
    "comity.schemas.decision_schema": """>>> from comity.schemas import decision_schema
>>> decision_schema()["$defs"]["ActionAnswer"]["required"][:2]
['outcome', 'possible']
""",
}
