"""What the holds of a desk cost: each hold that ended posts its days to the ledger of `money`, by the rates of the place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
from msgspec import Struct

from comity.desk.counts import HoldOf
from comity.desk.desk import Desk
from comity.money.view import Costs
from comity.session import Law


class HoldCost(Struct, frozen=True, kw_only=True):
    """A hold that ended, with its days and cents; both are 0 and `refused` says why where it cannot be costed."""

    case: str
    began_at: datetime
    ended_at: datetime
    days: int = 0
    cents: int = 0
    charged: int = 0
    refused: str = ""


def cost_ended(holds: Iterable[HoldOf], desk: Desk, law: Law) -> tuple[Costs | None, list[HoldCost]]:
    """The costs of the holds that ended, and each of them; None where no hold ended. The person of a hold is its case."""
    ended = [each for each in holds if each.hold.ended_at is not None]
    if not ended:
        return None, []
    zone = ZoneInfo(desk.library.gazetteer.places[desk.bound.place].zone)
    table = pa.table(
        {
            "person": [each.case for each in ended],
            "held_from": [_day(each.hold.began_at, zone) for each in ended],
            "held_until": [_day(each.hold.ended_at, zone) for each in ended],
        }
    )
    costs = law.cost(table, place=desk.bound.place, leave_out=True)
    priced = {row["row"]: row for row in costs.table.to_pylist()}
    refused = {refusal.row: refusal.message for refusal in costs.refused}
    return costs, [_hold_cost(each, number, priced, refused) for number, each in enumerate(ended, 1)]


def _day(moment: datetime | None, zone: ZoneInfo) -> date | None:
    return moment.astimezone(zone).date() if moment else None


def _hold_cost(each: HoldOf, number: int, priced: dict[int, dict[str, int]], refused: dict[int, str]) -> HoldCost:
    assert each.hold.ended_at is not None
    row = priced.get(number, {})
    return HoldCost(
        case=each.case, began_at=each.hold.began_at, ended_at=each.hold.ended_at, days=row.get("days", 0),
        cents=row.get("cost_cents", 0), charged=row.get("charged_cents", 0), refused=refused.get(number, ""),
    )  # fmt: skip
