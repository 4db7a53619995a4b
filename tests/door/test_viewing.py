"""What the view of a stack says of law whose days are uncertain."""

from __future__ import annotations

from datetime import date

from comity.door.viewing import view_of
from comity.law.in_force import in_force
from comity.law.library import Library

from ..law.small_law import act, gazetteer, vocabulary

ACT, ORDER = "us/fl/one", "us/fl/order"
STAY = '[{from: {between: [2016-01-01, 2016-12-31]}, by: us/fl/order, provisions: ["#1", "#2"]}]'


def test_provisions_that_may_be_suspended_are_named_with_their_numbers() -> None:
    acts = (act(ACT, "statute", "requires hold", "requires notify", title="An act", suspended=STAY), act(ORDER, "ruling", "advises hold"))
    library = Library(vocabulary(), gazetteer(), {}, {own.id: own for own in acts})
    view = view_of(in_force(library, "us/fl/alachua", date(2016, 6, 1)))
    entries = [entry for shown in view.actions.values() for entry in shown]
    assert [entry.condition for entry in entries if entry.provision == f"{ACT}#1"] == ["An act (#1, #2) was in force by then"]
