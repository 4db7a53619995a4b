"""The addresses of the desk."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from comity.web.views import board, case, correct, costs, counts, files, find, health, law, receive, record, replay

handler400 = "comity.web.views.errors.bad_request"
handler403 = "comity.web.views.errors.not_allowed"
handler404 = "comity.web.views.errors.not_found"
handler500 = "comity.web.views.errors.fault"

urlpatterns = [
    path("", board.show, name="board"),
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
    path("replay", replay.show, name="replay"),
    path("replay/requests.csv", replay.requests, name="requests"),
    path("law", law.show, name="law"),
    path("law/changes", law.changes, name="law-changes"),
    path("static/<str:name>", files.show, name="static"),
    path("health", health.show, name="health"),
    path("log-in", LoginView.as_view(template_name="desk/log_in.html"), name="log-in"),
    path("log-out", LogoutView.as_view(), name="log-out"),
]
