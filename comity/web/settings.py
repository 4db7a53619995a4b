"""The settings of Django for a desk, made from its one configuration file."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from comity.desk.config import DatabaseConfig, DeskSettings, SingleSignOn
from comity.finding import Finding, InputFault, Place, phrase

WEB = Path(__file__).parent
SQLITE_AT_START = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=10000; "
    "PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=4000;"
)
IDLE_SECONDS = 15 * 60  # without a click, then the person must log in again; a warning comes before
UPLOAD_BYTES_MAX = 20_000_000
BODY_BYTES_MAX = (
    28_000_000  # of the largest body that a door takes; each door has a limit of its own (`operating.doors`)
)
FIELDS_MAX = 1_000
PASSWORD_LENGTH_MIN = 14
# Files stay in memory until they are sealed: none is written to a folder for temporary files. A larger one is not taken.
UPLOADS = {
    "FILE_UPLOAD_HANDLERS": ["django.core.files.uploadhandler.MemoryFileUploadHandler"],
    "FILE_UPLOAD_MAX_MEMORY_SIZE": UPLOAD_BYTES_MAX + 100_000,
}
LOOPBACK = ("127.0.0.1", "::1", "localhost")
APPS = ("django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "django.contrib.messages",
        "allauth", "allauth.account", "allauth.mfa", "allauth.socialaccount", "allauth.socialaccount.providers.openid_connect",
        "comity.desk.apps.DeskConfig", "comity.web.apps.WebConfig", "comity.web.api.apps.ApiConfig")  # fmt: skip
MIDDLEWARE = (
    "comity.web.observing.ObservingMiddleware", "comity.web.operating.doors.DoorsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "comity.web.guards.PolicyMiddleware", "comity.web.api.door.ApiDoor",
    "django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware", "allauth.account.middleware.AccountMiddleware",
    "comity.web.guards.LogInMiddleware", "comity.web.log_in.entry.IdleMiddleware",
    "comity.web.log_in.entry.SecondFactorMiddleware",
    "comity.web.guards.RefusalMiddleware", "django.middleware.clickjacking.XFrameOptionsMiddleware",
)  # fmt: skip


def database_of(config: DatabaseConfig, folder: Path, password: str = "") -> dict[str, Any]:
    """The database as Django describes it. Transactions begin by taking the lock that writing needs."""
    if config.engine == "sqlite":
        options = {"transaction_mode": "IMMEDIATE", "init_command": SQLITE_AT_START, "timeout": 10}
        name = str(folder / config.path)
        # Connections stay open: opening one reads the whole schema, and closing the last one checkpoints.
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": options, "CONN_MAX_AGE": None}
    return _postgres(config, password)


def _postgres(config: DatabaseConfig, password: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql", "NAME": config.name, "HOST": config.host,
        "PORT": config.port or "", "USER": config.user, "PASSWORD": password, "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }  # fmt: skip


def django_settings(settings: DeskSettings, folder: Path, *, secret: str, password: str = "") -> dict[str, Any]:
    """All settings of Django for a desk."""
    return {
        "SECRET_KEY": secret,
        "DEBUG": False,
        "ALLOWED_HOSTS": [*settings.hosts],
        "INSTALLED_APPS": [*APPS],
        "MIDDLEWARE": [*MIDDLEWARE],
        "ROOT_URLCONF": "comity.web.urls",
        "TEMPLATES": [_templates()],
        "DATABASES": {"default": database_of(settings.database, folder, password)},
        "AUTH_USER_MODEL": "web.Account",
        "CSRF_FAILURE_VIEW": "comity.web.views.errors.form_expired",
        "LOGIN_URL": "/log-in",
        "LOGIN_REDIRECT_URL": "/",
        "LOGOUT_REDIRECT_URL": "/log-in",
        "AUTH_PASSWORD_VALIDATORS": _password_rules(),
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "USE_I18N": False,
        "STATIC_URL": "/static/",
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": BODY_BYTES_MAX,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": FIELDS_MAX,
        "DATA_UPLOAD_MAX_NUMBER_FILES": 1,
        **UPLOADS,
        **_sessions(settings),
        **_log_in(settings, folder),
        "LOGGING": _logging(),
    }


def _templates() -> dict[str, Any]:
    processors = ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
                  "django.contrib.messages.context_processors.messages", "comity.web.everywhere.of_every_page"]  # fmt: skip
    options = {"context_processors": processors, "builtins": ["comity.web.tags"]}
    return {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates"],
        "OPTIONS": options,
    }


def _password_rules() -> list[dict[str, Any]]:
    rules = "django.contrib.auth.password_validation"
    return [
        {"NAME": f"{rules}.MinimumLengthValidator", "OPTIONS": {"min_length": PASSWORD_LENGTH_MIN}},
        {"NAME": f"{rules}.CommonPasswordValidator"},
        {"NAME": f"{rules}.UserAttributeSimilarityValidator"},
    ]


def _sessions(settings: DeskSettings) -> dict[str, Any]:
    """`IdleMiddleware` ends sessions; here is when those that nobody uses are gone. Behind a proxy, cookies travel over TLS alone."""
    secure = {
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "CSRF_TRUSTED_ORIGINS": [f"https://{host}" for host in settings.hosts],
    }
    return {
        # A session is saved when somebody is there, and outlasts its idle end, so that the log-in can say why it ended.
        "SESSION_COOKIE_AGE": 2 * IDLE_SECONDS,
        "SESSION_SAVE_EVERY_REQUEST": False,
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        # The way back from a provider of single sign-on begins at another site, and needs the session.
        "SESSION_COOKIE_SAMESITE": "Lax" if settings.single_sign_on.server_url else "Strict",
        "CSRF_COOKIE_SAMESITE": "Strict",
        "SECURE_REFERRER_POLICY": "same-origin",
        **(secure if settings.behind_proxy else {}),
    }


def _log_in(settings: DeskSettings, folder: Path) -> dict[str, Any]:
    """allauth without sign-up, e-mail and limits of its own; `comity.web.log_in` has how the desk uses it."""
    return {
        "AUTHENTICATION_BACKENDS": ["comity.web.log_in.lock_out.AccountBackend"],
        "ACCOUNT_ADAPTER": "comity.web.log_in.adapters.AccountAdapter",
        "ACCOUNT_LOGIN_METHODS": {"username"},
        "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_SESSION_REMEMBER": False,
        "ACCOUNT_RATE_LIMITS": False,
        "MFA_ADAPTER": "comity.web.log_in.second_factor.SecondFactorAdapter",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_RECOVERY_CODES_SHOW_ONCE": True,
        "MFA_TOTP_TOLERANCE": 1,  # the code before and the one after are taken too: clocks differ, and people type slowly
        "MFA_FORMS": {
            "authenticate": "comity.web.log_in.second_factor.CodeForm",
            "authenticate_webauthn": "comity.web.log_in.second_factor.KeyForm",
            "add_webauthn": "comity.web.log_in.second_factor.AddKeyForm",
        },
        "SOCIALACCOUNT_ADAPTER": "comity.web.log_in.adapters.SingleSignOnAdapter",
        "SOCIALACCOUNT_PROVIDERS": _providers(settings.single_sign_on, folder),
        "COMITY_TITLE": settings.title,
        "COMITY_BANNER": settings.banner,
        "COMITY_SINGLE_SIGN_ON": settings.single_sign_on,
        "COMITY_ACCOUNT_CLAIM": settings.single_sign_on.account_claim,
    }


def _providers(config: SingleSignOn, folder: Path) -> dict[str, Any]:
    """The provider of single sign-on, where the configuration names one; raises `InputFault` on what is wrong or unsafe."""
    if not config.server_url:
        return {}
    url, path = urlsplit(config.server_url), folder / config.client_secret_file
    if url.scheme != "https" and url.hostname not in LOOPBACK:
        words = phrase("{} is no address with https", config.server_url)
        raise InputFault([Finding("bad-setting", Place("single_sign_on.server_url"), words)])
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except OSError as fault:
        words = phrase("cannot be read: {}", fault.strerror or "unknown fault")
        help = phrase("put the secret that the provider gave for this client there")
        raise InputFault([Finding("no-key", Place(str(path)), words, help)]) from fault
    app = {
        "provider_id": "county", "name": config.title, "client_id": config.client_id, "secret": secret,
        "settings": {"server_url": config.server_url},
    }  # fmt: skip
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def _logging() -> dict[str, Any]:
    """Logs hold codes and ids of cases, and no person: no address of a page with its query, no body, no exception text."""
    return {
        "version": 1,
        "disable_existing_loggers": True,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "handlers": {
            "out": {"class": "logging.StreamHandler", "formatter": "line"},
            "nowhere": {
                "class": "logging.NullHandler"
            },  # with no handler at all, Python writes warnings to standard error
        },
        "loggers": {
            "comity": {"handlers": ["out"], "level": "INFO"},
            "django": {"handlers": ["nowhere"], "level": "CRITICAL", "propagate": False},
        },
    }
