"""The addresses of the API, and its description by OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI

from comity.web.api import on_cases, on_desk, on_law
from comity.web.api.limits import BoundedParser
from comity.web.api.problems import MEDIA_TYPE, add_handlers
from comity.web.api.tokens import TokenAuth

PREFIX = "/api/v1/"
DESCRIPTION = """What the pages of the desk do, and the law alone. Each call has a token with the scope that it names; every error is a
problem of RFC 9457. A call that writes may have an Idempotency-Key: the same key and body get the same answer."""

api = NinjaAPI(
    title="comity desk", version="1", description=DESCRIPTION, docs_url=None, openapi_url=None, parser=BoundedParser(),
    urls_namespace="api",
)  # fmt: skip
add_handlers(api)
ROUTERS = (on_law.router, on_cases.router, on_desk.router)
for _router in ROUTERS:
    api.add_router("", _router)


def described() -> dict[str, Any]:
    """The API by OpenAPI. Errors have the media type of problems, and each call its scope, which the framework does not say."""
    document: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    scopes = dict(_scopes())
    for calls in document["paths"].values():
        for call in calls.values():
            call["x-scope"] = scopes[call["operationId"]]
            responses = call["responses"]
            for status in [number for number in responses if int(number) >= 400]:
                content = responses[status]["content"]
                responses[status]["content"] = {MEDIA_TYPE: content["application/json"]}
    return document


def _scopes() -> Iterator[tuple[str, str]]:
    """The name of each call with the scope that its token needs."""
    for router in ROUTERS:
        for view in router.path_operations.values():
            for operation in view.operations:
                [auth] = operation.auth_callbacks
                assert isinstance(auth, TokenAuth) and auth.permission
                yield str(operation.operation_id), auth.permission.value


@api.get("/openapi.json", auth=TokenAuth(), include_in_schema=False, url_name="openapi")
def openapi(request: HttpRequest) -> HttpResponse:
    """The API by OpenAPI 3.1, for whoever has a token."""
    return HttpResponse(msgspec.json.encode(described()), content_type="application/json")


urlpatterns = [path("api/v1/", api.urls), path("metrics", on_desk.metrics, name="metrics")]
