"""What each door of the desk takes at most, and for how long it may work: pages, calls of the API, papers, tables and law.

`docs/desk-runbook.md` has this table, held to it by a test. What is beyond a limit is refused with the finding `too-large`, and what took
too long is ended with `took-too-long`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections
from django.http import HttpRequest, HttpResponse
from msgspec import Struct

from comity.desk.papers import contained as papers
from comity.desk.papers.child import MEMORY_MAX as PAPER_MEMORY
from comity.desk.papers.reading import TEXT_MAX
from comity.desk.reconciling.read_list import BYTES_MAX as LIST_BYTES_MAX
from comity.desk.reconciling.read_list import ROWS_MAX as LIST_ROWS_MAX
from comity.finding import Finding, InputFault, Place, phrase
from comity.web.api import limits as of_api
from comity.web.api.bodies import FACTS_MAX, SENTENCE_MAX
from comity.web.operating import law_reading, law_zip, replaying
from comity.web.operating.time_limit import TimeLimit
from comity.web.settings import FIELDS_MAX, UPLOAD_BYTES_MAX

Handler = Callable[[HttpRequest], HttpResponse]
API = "api "  # before the name of an address of the API
PAGE_SECONDS, WRITE_SECONDS = 20, 40  # what writes waits up to 30 s for the disk
MEGABYTE = 1_000_000


class Door(Struct, frozen=True, kw_only=True):
    """One way in: the names of its addresses (none: all others), and its limits. `inside` is what a body may hold, in words."""

    what: str
    names: tuple[str, ...] = ()
    bytes_max: int
    seconds_max: int
    inside: str = ""
    apart: str = ""  # what a child process may take, in words


LAW_APART = f"{law_reading.SECONDS_MAX} s, {law_reading.MEMORY_BYTES_MAX // MEGABYTE:,} MB"
LAW_SECONDS = law_reading.SECONDS_MAX + PAGE_SECONDS
JSON_INSIDE = (
    f"{of_api.DEPTH_MAX} levels, {of_api.ENTRIES_MAX:,} entries a list, {of_api.VALUES_MAX:,} values, {FACTS_MAX} facts, "
    f"{SENTENCE_MAX:,} characters a reason"
)
PAPER_APART = f"{papers.WALL_SECONDS_MAX:g} s, {PAPER_MEMORY // MEGABYTE:,} MB, {papers.AT_ONCE} at once"
PAPER_SECONDS = int(papers.WAIT_SECONDS + papers.WALL_SECONDS_MAX) + WRITE_SECONDS
DOORS: tuple[Door, ...] = (
    Door(
        what="page or form", bytes_max=MEGABYTE, seconds_max=WRITE_SECONDS, inside=f"{FIELDS_MAX:,} fields",
    ),
    Door(
        what="a paper uploaded", names=("receive-paper",), bytes_max=UPLOAD_BYTES_MAX + 100_000,
        seconds_max=WRITE_SECONDS, inside="one file",
    ),
    Door(
        what="a paper read", names=("paper", "paper-original"), bytes_max=MEGABYTE,
        seconds_max=PAPER_SECONDS, apart=PAPER_APART,
    ),
    Door(
        what="a message pasted", names=("receive-pasted",), bytes_max=4 * TEXT_MAX + 100_000,
        seconds_max=WRITE_SECONDS, inside=f"{TEXT_MAX:,} characters",
    ),
    Door(
        what="a list to compare with the desk", names=("reconcile",), bytes_max=LIST_BYTES_MAX + 100_000, seconds_max=60,
        inside=f"{LIST_ROWS_MAX:,} rows",
    ),
    Door(
        what="replay", names=("replay",), bytes_max=0,
        seconds_max=2 * PAGE_SECONDS + replaying.SECONDS_MAX + int(replaying.WAIT_SECONDS),
        inside=f"{replaying.ROWS_MAX:,} requests",
        apart=f"{replaying.SECONDS_MAX} s, {replaying.MEMORY_BYTES_MAX // MEGABYTE:,} MB, one at once",
    ),
    Door(
        what="table of requests, counts, costs, invoice", names=("requests", "counts", "costs", "invoice"),
        bytes_max=0, seconds_max=60,
    ),
    Door(
        what="law uploaded, and confirmed",
        names=("law-upload", "law-proposed"),
        bytes_max=law_zip.BYTES_MAX + 100_000,
        seconds_max=LAW_SECONDS,
        inside=f"{law_zip.FILES_MAX:,} files, {law_zip.DEPTH_MAX} folders deep, {law_zip.FILE_BYTES_MAX:,} bytes a file and "
        f"{law_zip.UNPACKED_BYTES_MAX:,} unpacked, {law_zip.RATIO_MAX} times packed",
        apart=LAW_APART,
    ),
    Door(
        what="API: a detainer, with its paper in base64", names=(f"{API}receive",),
        bytes_max=of_api.PAPER_BODY_BYTES_MAX, seconds_max=WRITE_SECONDS, inside=JSON_INSIDE,
    ),
    Door(
        what="API: a paper uploaded and read", names=(f"{API}receive_paper",), bytes_max=of_api.UPLOAD_BODY_BYTES_MAX,
        seconds_max=PAPER_SECONDS, inside="one file", apart=PAPER_APART,
    ),
    Door(
        what="API: a paper of a case read", names=tuple(f"{API}{name}" for name in ("paper", "original", "confirm_paper")),
        bytes_max=of_api.BODY_BYTES_MAX, seconds_max=PAPER_SECONDS, inside=JSON_INSIDE, apart=PAPER_APART,
    ),
    Door(
        what="API: decide, and the law of a place", names=(f"{API}decide", f"{API}law"), bytes_max=of_api.BODY_BYTES_MAX,
        seconds_max=PAGE_SECONDS, inside=JSON_INSIDE,
    ),
    Door(
        what="API: a change of law", names=(f"{API}change_law",), bytes_max=of_api.BODY_BYTES_MAX, seconds_max=LAW_SECONDS,
        inside=f"{law_reading.FILES_MAX:,} files, {law_reading.BYTES_MAX // MEGABYTE} MB of law folders", apart=LAW_APART,
    ),
    Door(
        what="API: every other call, and metrics", names=(API,), bytes_max=of_api.BODY_BYTES_MAX,
        seconds_max=WRITE_SECONDS, inside=JSON_INSIDE,
    ),
)  # fmt: skip
_BY_NAME = {name: door for door in DOORS for name in door.names}


def door_named(name: str) -> Door:
    """The door of a page or, with `API` before its name, of a call."""
    return _BY_NAME.get(name) or (_BY_NAME[API] if name.startswith(API) else DOORS[0])


def enter(request: HttpRequest, name: str) -> None:
    """Bounds a request by its door before its body is read; raises `InputFault` where that is too long."""
    door = door_named(name)
    request.comity_limit.extend(door.seconds_max)
    text = request.META.get("CONTENT_LENGTH") or "0"
    size = int(text) if text.isascii() and text.isdigit() else door.bytes_max + 1
    if size > door.bytes_max:
        words = phrase("the body has {size:,} bytes, and may have {most:,}", size=size, most=door.bytes_max)
        raise InputFault([Finding("too-large", Place(of_api.SOURCE), words)])


class DoorsMiddleware:
    """Bounds every request: its seconds from the beginning, and its bytes once its door is known."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with TimeLimit(DOORS[0].seconds_max) as request.comity_limit:
            response = self.handler(request)
        if getattr(request, "comity_code", "") == "took-too-long":
            connections.close_all()  # the exception may have come while one was in use: the next request opens another
        return response

    def process_view(
        self, request: HttpRequest, view: object, given: Sequence[Any], named: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuses a page's body that is too long with the page that says so."""
        from comity.web.guards import show_refused  # noqa: PLC0415  settings name both

        match = request.resolver_match
        try:
            enter(request, (match.url_name if match else "") or "")
        except InputFault as fault:
            return show_refused(request, fault)
        return None
