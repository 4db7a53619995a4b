"""The desk as an application of Django: its tables are in `models`."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Rooms of the desk that keep something."""

    name = "comity.desk"
    label = "desk"
    verbose_name = "Desk"
    default_auto_field = "django.db.models.BigAutoField"
