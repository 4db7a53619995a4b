"""The addresses of the desk."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

from comity.web.views import board, case, files, health, receive

urlpatterns = [
    path("", board.show, name="board"),
    path("", include("comity.web.paper_urls")),
    path("receive", receive.typed, name="receive"),
    path("cases/<str:id>", case.show, name="case"),
    path("cases/<str:id>/<str:deed>", case.do, name="deed"),
    path("static/<str:name>", files.show, name="static"),
    path("health", health.show, name="health"),
    path("log-in", LoginView.as_view(template_name="desk/log_in.html"), name="log-in"),
    path("log-out", LogoutView.as_view(), name="log-out"),
]
