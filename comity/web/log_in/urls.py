"""The addresses of the log-in, of one's own second factor and password, and of accounts. allauth knows its pages by their names."""

from __future__ import annotations

from allauth.mfa.base.views import AuthenticateView
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.urls import path

from comity.web.log_in import accounts, pages

urlpatterns = [
    path("log-in", pages.LogIn.as_view(), name="account_login"),
    path("log-in/banner", pages.accept_banner, name="banner"),
    path("log-in/code", AuthenticateView.as_view(template_name="desk/code.html"), name="mfa_authenticate"),
    path("log-in/with/<str:provider_id>", pages.go_to_provider, name="openid_connect_login"),
    path("log-in/with/<str:provider_id>/back", openid_connect.callback, name="openid_connect_callback"),
    path("stay", pages.stay, name="stay"),
    path("second-factor", pages.SetUp.as_view(), name="mfa_activate_totp"),
    path("second-factor/codes", pages.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("second-factor/codes", pages.RecoveryCodes.as_view(), name="mfa_deactivate_totp"),
    path("password", pages.Password.as_view(), name="password"),
    path("accounts", accounts.show, name="accounts"),
    path("accounts/<int:number>/<str:deed>", accounts.do, name="account-deed"),
]
