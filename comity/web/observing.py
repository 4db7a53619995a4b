"""Counts, times and logs of all requests. They hold names of pages, codes and ids of cases, and no person."""

from __future__ import annotations

import logging
import re
import secrets
import threading
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

LOG = logging.getLogger("comity.web")
Handler = Callable[[HttpRequest], HttpResponse]
# Upper bounds in seconds of the classes in which times are counted.
BOUNDS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0)
MILLISECONDS = 1_000
CASE_ID = re.compile(r"[2-9A-HJ-NP-Z]{8}")
KNOWN_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class Counts:
    """How many requests each page had, by method and status, and how long they took."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.requests: dict[tuple[str, str, int], int] = {}
        self.times: dict[str, list[int]] = {}
        self.seconds: dict[str, float] = {}

    def add(self, page: str, method: str, status: int, seconds: float) -> None:
        """Counts one request."""
        place = sum(seconds > bound for bound in BOUNDS)
        with self._lock:
            self.requests[page, method, status] = self.requests.get((page, method, status), 0) + 1
            self.times.setdefault(page, [0] * (len(BOUNDS) + 1))[place] += 1
            self.seconds[page] = self.seconds.get(page, 0.0) + seconds

    def lines(self) -> list[str]:
        """The counts as Prometheus reads them."""
        with self._lock:
            requests, seconds = dict(self.requests), dict(self.seconds)
            times = {page: [*counts] for page, counts in self.times.items()}
        lines = [
            "# HELP comity_requests_total Requests by page, method and status.",
            "# TYPE comity_requests_total counter",
        ]
        for (page, method, status), count in sorted(requests.items()):
            lines.append(f'comity_requests_total{{page="{page}",method="{method}",status="{status}"}} {count}')
        lines += ["# HELP comity_request_seconds How long requests took.", "# TYPE comity_request_seconds histogram"]
        for page, counts in sorted(times.items()):
            for at, bound in enumerate((*BOUNDS, "+Inf"), 1):
                lines.append(f'comity_request_seconds_bucket{{page="{page}",le="{bound}"}} {sum(counts[:at])}')
            lines.append(f'comity_request_seconds_sum{{page="{page}"}} {seconds[page]:.6f}')
            lines.append(f'comity_request_seconds_count{{page="{page}"}} {sum(counts)}')
        return lines


COUNTS = Counts()


class ObservingMiddleware:
    """Gives each request an id, counts it, and writes one line about it."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.comity_id = secrets.token_hex(8)
        began = time.perf_counter()
        response = self.handler(request)
        seconds = time.perf_counter() - began
        match = request.resolver_match
        page = (match.url_name if match else "") or "none"
        method = request.method if request.method in KNOWN_METHODS else "OTHER"
        COUNTS.add(page, method, response.status_code, seconds)
        response.headers["X-Request-ID"] = request.comity_id
        if LOG.isEnabledFor(logging.INFO):
            LOG.info(_line(request, page, method, response.status_code, seconds))
        return response


def _line(request: HttpRequest, page: str, method: str, status: int, seconds: float) -> str:
    """What a log keeps of a request: no address, since a part of it may be anything; an id of a case, if it can be one."""
    given = request.resolver_match.kwargs if request.resolver_match else {}
    case = str(given.get("case") or given.get("id") or "")
    parts = [f"id={request.comity_id}", f"page={page}", f"method={method}", f"status={status}"]
    parts.append(f"ms={seconds * MILLISECONDS:.1f}")
    if CASE_ID.fullmatch(case):
        parts.append(f"case={case}")
    if code := getattr(request, "comity_code", ""):
        parts.append(f"code={code}")
    return " ".join(parts)
