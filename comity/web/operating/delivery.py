"""Delivers alarms: as e-mail by SMTP, and as a webhook whose signature shows who sent it and when.

A message names a case and a moment, and no person. A fault is raised, and the clockwork tries again later.
"""

from __future__ import annotations

import hashlib
import hmac
import smtplib
import ssl
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import msgspec

from comity.desk.config import AlarmConfig, key_of
from comity.desk.models import Outgoing
from comity.finding import Finding, InputFault, Place, phrase

EMAIL, WEBHOOK = "email", "webhook"
TIMEOUT_SECONDS = 10
ENDS = {
    "12h": "ends within 12 hours",
    "4h": "ends within 4 hours",
    "1h": "ends within 1 hour",
    "limit": "is at its limit",
}


def alarm_targets(alarms: AlarmConfig) -> tuple[tuple[str, str], ...]:
    """The channels and addresses to which each alarm goes."""
    return (*((EMAIL, address) for address in alarms.emails), *(((WEBHOOK, alarms.webhook),) if alarms.webhook else ()))


def open_sender(alarms: AlarmConfig, folder: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Sender:
    """What delivers messages, with its secrets read from their files; raises `InputFault` where one cannot be read."""
    key, findings = key_of(folder / alarms.webhook_key_file) if alarms.webhook else (b"", [])
    if alarms.webhook and not alarms.webhook.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        where = Place("alarms.webhook")
        findings = [*findings, Finding("unsafe-webhook", where, phrase("must begin with https://"))]
    if findings:
        raise InputFault(findings)
    password = ""
    if alarms.mail_password_file:
        password = (folder / alarms.mail_password_file).read_text(encoding="utf-8").strip()
    return Sender(alarms, key, password, clock)


def sign_webhook(key: bytes, sent_at: str, body: bytes) -> str:
    """The signature of a webhook: HMAC-SHA256 over the time in `Comity-Time`, a full stop, and the body, in hexadecimal."""
    return hmac.new(key, sent_at.encode() + b"." + body, hashlib.sha256).hexdigest()


class Sender:
    """Delivers one message; raises what the server, or the way there, raises."""

    def __init__(self, alarms: AlarmConfig, webhook_key: bytes, password: str, clock: Callable[[], datetime]) -> None:
        self.alarms, self.webhook_key, self.password, self.clock = alarms, webhook_key, password, clock
        # A redirect could lead anywhere, so none is followed; and no proxy of the environment is asked.
        self._opener = urllib.request.build_opener(_NoRedirect(), urllib.request.ProxyHandler({}))

    def __call__(self, message: Outgoing) -> None:
        if message.channel == EMAIL:
            self._send_email(message)
        else:
            self._send_webhook(message)

    def _send_webhook(self, message: Outgoing) -> None:
        body, sent_at = message.body.encode(), self.clock().isoformat(timespec="seconds")
        headers = {
            "Content-Type": "application/json",
            "Comity-Message": str(message.pk),  # the same at each try, so that a receiver can drop a double
            "Comity-Time": sent_at,
            "Comity-Signature": f"sha256={sign_webhook(self.webhook_key, sent_at, body)}",
        }
        request = urllib.request.Request(message.target, body, headers, method="POST")
        with self._opener.open(request, timeout=TIMEOUT_SECONDS):
            return

    def _send_email(self, message: Outgoing) -> None:
        alarms = self.alarms
        kind = smtplib.SMTP_SSL if alarms.mail_tls == "tls" else smtplib.SMTP
        with kind(alarms.mail_host, alarms.mail_port, timeout=TIMEOUT_SECONDS) as server:
            if alarms.mail_tls == "starttls":
                server.starttls(context=ssl.create_default_context())
            if alarms.mail_user:
                server.login(alarms.mail_user, self.password)
            server.send_message(email_of(message, alarms.mail_from, self.clock()))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Refuses to follow a redirect, so that the answer counts as a failure."""

    def redirect_request(self, *arguments: Any, **named: Any) -> None:
        return None


def email_of(message: Outgoing, sender: str, now: datetime) -> EmailMessage:
    """An alarm as an e-mail; it has the same Message-ID at each try."""
    alarm: dict[str, str] = msgspec.json.decode(message.body)
    words = f"Case {alarm['case']}: the hold {ENDS[alarm['alarm']]}"
    email = EmailMessage()
    email["Subject"], email["From"], email["To"] = words, sender, message.target
    email["Date"] = format_datetime(now)
    email["Message-ID"] = f"<alarm-{message.pk}@{sender.rpartition('@')[2] or 'localhost'}>"
    email.set_content(
        f"{words}.\n\nThe hold must end by {alarm['limit_at']}.\nThis alarm was raised at {alarm['raised_at']}.\n"
        "Open the case at the desk, acknowledge the alarm, and release or transfer the person in time.\n"
    )
    return email
