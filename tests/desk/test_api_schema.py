"""Generated calls of the API by its own OpenAPI document, with all rights and with none: no fault of our own, and every answer as described.

Ninety run each day. For 10,000:

    COMITY_API_CASES=10000 pytest tests/desk/test_api_schema.py
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from comity.desk.roles import Permission, Role
from tests.desk.api_calls import Api, new_token

CASES = int(os.environ.get("COMITY_API_CASES", "90"))  # of both kinds together


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR, None])
def test_generated_calls(desk: Any, role: Role | None) -> None:
    schemathesis = pytest.importorskip("schemathesis")
    from django.core.wsgi import get_wsgi_application
    from schemathesis import checks

    schemathesis.serializer.alias("application/pdf", "application/octet-stream")

    token = new_token(role) if role else "cmt_none"
    api = Api(desk, token or "")
    id = ""
    if role is Role.SUPERVISOR:
        id = api("POST", "cases", {"person": {"booking": "GENERATED"}})[1]["case"]
    reader = new_token(Role.AUDITOR, Permission.SEE_BOARD)
    app, headers = get_wsgi_application(), {"Authorization": f"Bearer {token}", "Host": "testserver"}
    schema = schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", app, headers={"Authorization": f"Bearer {reader}", "Host": "testserver"}
    )
    wanted = [
        checks.not_a_server_error, schemathesis.specs.openapi.checks.status_code_conformance,
        schemathesis.specs.openapi.checks.content_type_conformance,
        schemathesis.specs.openapi.checks.response_schema_conformance,
    ]  # fmt: skip
    operations = [found.ok() for found in schema.get_all_operations()]
    modes = list(schemathesis.GenerationMode)
    strategy = st.one_of(*(operation.as_strategy(generation_mode=mode) for operation in operations for mode in modes))
    seen: set[int] = set()

    @seed(1)
    @settings(
        max_examples=CASES // 3, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )  # fmt: skip
    @given(strategy)
    def call(case: Any) -> None:
        if id and "case" in case.path_parameters:
            case.path_parameters["case"] = id
        if "place" in case.path_parameters:
            case.path_parameters["place"] = "us/fl/miami-dade"
        if case.operation.path.endswith("/decide") and isinstance(case.body, dict) and "place" in case.body:
            case.body["place"] = "us/fl/miami-dade"
        response = case.call_and_validate(headers=headers, checks=wanted)
        seen.add(response.status_code)

    call()
    assert seen <= {401, 404, 405} if role is None else len(seen) > 1, seen
