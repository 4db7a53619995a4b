"""The addresses of the log-in, of one's own second factors and password, and of accounts. allauth knows its pages by their names."""

from __future__ import annotations

from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.urls import path

from comity.web.log_in import accounts, factor_pages, pages

urlpatterns = [
    path("log-in", pages.LogIn.as_view(), name="account_login"),
    path("log-in/banner", pages.accept_banner, name="banner"),
    path("log-in/code", factor_pages.Code.as_view(), name="mfa_authenticate"),
    path("log-in/with/<str:provider_id>", pages.go_to_provider, name="openid_connect_login"),
    path("log-in/with/<str:provider_id>/back", openid_connect.callback, name="openid_connect_callback"),
    path("stay", pages.stay, name="stay"),
    path("second-factor", factor_pages.show, name="mfa_index"),
    path("second-factor", factor_pages.show, name="mfa_deactivate_totp"),
    path("second-factor/app", factor_pages.AddApp.as_view(), name="mfa_activate_totp"),
    path("second-factor/key", factor_pages.AddKey.as_view(), name="mfa_add_webauthn"),
    path("second-factor/codes", factor_pages.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("second-factor/<int:number>/<str:deed>", factor_pages.do, name="factor-deed"),
    path("password", pages.Password.as_view(), name="password"),
    path("accounts", accounts.show, name="accounts"),
    path("accounts/<int:number>/<str:deed>", accounts.do, name="account-deed"),
]
