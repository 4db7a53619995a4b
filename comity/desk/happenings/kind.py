"""What every kind of event is: a struct with a tag, and the texts in it."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

Personal: TypeAlias = Annotated[str, Meta(extra={"personal": True}, max_length=4_000)]
Text: TypeAlias = Annotated[str, Meta(max_length=20_000)]


class Happening(Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
    """One kind of event. `detainer` is its number within the case, where it concerns one."""
