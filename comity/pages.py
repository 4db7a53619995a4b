"""Which module makes the page of which result: a view does not import its page, which is made from it."""

from __future__ import annotations

PAGES = {
    "comity.board.comparison.Choice": "comity.board.page",
    "comity.claims.claim_view.Proofs": "comity.claims.claim_page",
    "comity.claims.diff_view.Diff": "comity.claims.diff_page",
    "comity.classification.view.Classified": "comity.classification.page",
    "comity.context.view.Context": "comity.context.page",
    "comity.decision.decision.Decision": "comity.decision.page",
    "comity.funding.view.Funding": "comity.funding.page",
    "comity.hold_clock.view.HoldClock": "comity.hold_clock.page",
    "comity.lawview.view.LawView": "comity.lawview.page",
    "comity.money.view.Costs": "comity.money.page",
    "comity.records.comparison.Comparison": "comity.records.comparison_page",
    "comity.records.replay_result.ReplayResult": "comity.records.page",
}
