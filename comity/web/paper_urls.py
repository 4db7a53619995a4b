"""The addresses of papers: a PDF or a text that arrives, and what was read from it, to be confirmed."""

from __future__ import annotations

from django.urls import path

from comity.web.views import paper, upload

urlpatterns = [
    path("receive/paper", upload.pdf, name="receive-paper"),
    path("receive/pasted", upload.pasted, name="receive-pasted"),
    path("cases/<str:id>/papers/<int:detainer>", paper.confirm, name="paper"),
    path("cases/<str:id>/papers/<int:detainer>/join", paper.join_case, name="paper-join"),
    path("cases/<str:id>/papers/<int:detainer>/original", paper.original, name="paper-original"),
]
