"""The faces of the desk as an application of Django: accounts, pages and calls."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Accounts, pages and calls."""

    name = "comity.web"
    label = "web"
    verbose_name = "Faces of the desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity.web.log_in.entry import connect_signals  # noqa: PLC0415  its tables need Django set up

        connect_signals()
