"""The API as an application of Django: its tables are in `models`."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Tokens, and answers that are given again."""

    name = "comity.web.api"
    label = "api"
    verbose_name = "API of the desk"
    default_auto_field = "django.db.models.BigAutoField"
