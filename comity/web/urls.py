"""The addresses of the desk."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from comity.web.log_in.urls import urlpatterns as of_log_in
from comity.web.views import board, case, files, health, receive

urlpatterns = [
    path("", board.show, name="board"),
    path("receive", receive.typed, name="receive"),
    path("cases/<str:id>", case.show, name="case"),
    path("cases/<str:id>/<str:deed>", case.do, name="deed"),
    path("static/<str:name>", files.show, name="static"),
    path("health", health.show, name="health"),
    path("log-out", LogoutView.as_view(), name="log-out"),
    path("", include(of_log_in)),
]
