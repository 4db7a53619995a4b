"""What the child process says of a paper, before anything is mapped to facts: form fields, printed text, pictures of pages."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Kind = Literal["text", "check", "choice", "signature", "other"]


class RawField(Struct, frozen=True, kw_only=True):
    """A field of a fillable form as it stands on a page.

    `name` and `tooltip` are those of the file; `before`, `after` and `below` are the printed text beside it. A check box is
    `checked` or not; a signature is `signed` where the file holds one, whose validity nobody checked here.
    """

    page: int  # from 1
    name: str
    kind: Kind
    tooltip: str = ""
    value: str = ""
    checked: bool = False
    signed: bool = False
    before: str = ""
    after: str = ""
    below: str = ""


class RawPage(Struct, frozen=True, kw_only=True):
    """A page: its number from 1, its printed text, its fields, and its picture as a PNG (empty where none was made)."""

    number: int
    text: str = ""
    fields: tuple[RawField, ...] = ()
    png: bytes = b""


class RawPaper(Struct, frozen=True, kw_only=True):
    """A paper as it was read: its pages, how many it has in all, and what was left out, in words."""

    pages: tuple[RawPage, ...] = ()
    page_count: int = 0
    left_out: tuple[str, ...] = ()
    fault: str = ""  # a code: why it cannot be read; empty where it was
