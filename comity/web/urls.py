"""The addresses of the desk."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from comity.web.log_in.urls import urlpatterns as of_log_in
from comity.web.views import (
    board,
    case,
    correct,
    costs,
    counts,
    files,
    find,
    health,
    law,
    law_upload,
    receive,
    reconcile,
    record,
    replay,
)

handler400 = "comity.web.views.errors.bad_request"
handler403 = "comity.web.views.errors.not_allowed"
handler404 = "comity.web.views.errors.not_found"
handler500 = "comity.web.views.errors.fault"

urlpatterns = [
    path("", board.show, name="board"),
    path("", include("comity.web.paper_urls")),
    path("receive", receive.typed, name="receive"),
    path("cases/<str:id>", case.show, name="case"),
    path("cases/<str:id>/correct", correct.fact, name="correct"),
    path("cases/<str:id>/card", case.card_pdf, name="card"),
    path("cases/<str:id>/<str:deed>", case.do, name="deed"),
    path("find", find.person, name="find"),
    path("record", record.show, name="record"),
    path("counts", counts.show, name="counts"),
    path("costs", costs.show, name="costs"),
    path("costs/invoice", costs.invoice, name="invoice"),
    path("costs/answers", costs.answer, name="invoice-answer"),
    path("costs/answers/<int:number>/void", costs.void, name="invoice-answer-void"),
    path("costs/payments.csv", costs.payments, name="payments"),
    path("replay", replay.show, name="replay"),
    path("replay/requests.csv", replay.requests, name="requests"),
    path("reconcile", reconcile.lists, name="reconcile"),
    path("reconcile/<int:number>", reconcile.show, name="reconciled"),
    path("reconcile/<int:number>/settle", reconcile.settle, name="settle"),
    path("reconcile/<int:number>/rows.csv", reconcile.table, name="reconciled-rows"),
    path("law", law.show, name="law"),
    path("law/changes", law.changes, name="law-changes"),
    path("law/upload", law_upload.upload, name="law-upload"),
    path("law/proposed", law_upload.proposed, name="law-proposed"),
    path("static/<str:name>", files.show, name="static"),
    path("health", health.show, name="health"),
    path("log-out", LogoutView.as_view(), name="log-out"),
    path("", include(of_log_in)),
]
