"""The door of the API: calls go past sessions, cookies and pages, and every answer that is an error is a problem.

A call is known by its token alone. So nothing that a browser sends by itself can do a deed, and no CSRF token is needed.
"""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import BadRequest, DisallowedHost, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from comity.finding import InputFault
from comity.web.api.problems import MEDIA_TYPE, no_address, of_own_fault, plain_problem, problem
from comity.web.observing import Handler
from comity.web.operating.doors import API, enter

PREFIXES = ("/api/", "/metrics")
URLS = "comity.web.api.urls"


class ApiDoor:
    """Answers calls of the API itself, and gives all other requests to the pages."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIXES):
            return self.handler(request)
        request.META.pop("HTTP_COOKIE", None)
        try:
            response = self._answer(request)
        except InputFault as fault:
            response = problem(request, fault.findings)
        except Resolver404:
            response = no_address(request)
        except DisallowedHost:
            response = plain_problem(
                request, 400, "bad-host", "the desk has no such host", "see hosts in its configuration"
            )
        except (BadRequest, RequestDataTooBig, SuspiciousOperation):
            response = plain_problem(request, 400, "bad-request", "the request cannot be read")
        except Exception as fault:  # whatever it is, the caller gets a problem and the log its kind
            response = of_own_fault(request, fault)
        answer = _as_problem(request, response)
        answer.headers["Content-Length"] = str(len(answer.content))  # so that a connection serves further calls
        return answer

    def _answer(self, request: HttpRequest) -> HttpResponse:
        request.get_host()
        match = resolve(request.path_info, urlconf=URLS)
        request.resolver_match = match
        enter(request, f"{API}{match.url_name}")
        return match.func(request, *match.args, **match.kwargs)


def _as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """An error that the framework itself answered, such as a wrong method, as a problem."""
    if response.status_code < HTTPStatus.BAD_REQUEST or response.headers.get("Content-Type") == MEDIA_TYPE:
        return response
    status = response.status_code
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        answer = plain_problem(request, status, "bad-method", "this address has no such method", "see the header Allow")
        answer.headers["Allow"] = response.headers.get("Allow", "GET, POST")
        return answer
    return plain_problem(request, status, "bad-request", "the request cannot be answered")
