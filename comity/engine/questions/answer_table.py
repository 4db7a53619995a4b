"""The answers to a question that very many atoms ask, without a row of truths for each answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

TRUTHS_MAX = 100_000  # in answers that are kept as rows


class AnswerTable(Sequence[tuple[bool, ...]]):
    """The answers to a question as rows of truths, one for each atom, made when they are asked for.

    `columns` has for each atom the answers that make it true: a number with a bit for each of the `length` answers.
    """

    __slots__ = ("columns", "length")

    def __init__(self, columns: Sequence[int], length: int) -> None:
        self.columns, self.length = tuple(columns), length

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return tuple(self[place] for place in range(*at.indices(self.length)))
        if not 0 <= at < self.length:
            raise IndexError(at)
        return tuple(column >> at & 1 == 1 for column in self.columns)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AnswerTable) and (self.length, self.columns) == (other.length, other.columns)

    def __hash__(self) -> int:
        return hash((self.length, len(self.columns)))


def table_of(columns: Sequence[int], length: int) -> Sequence[tuple[bool, ...]]:
    """The answers by columns: as plain rows, unless these were many truths."""
    table = AnswerTable(columns, length)
    return tuple(table) if len(columns) * length <= TRUTHS_MAX else table


def columns_of(answers: Sequence[tuple[bool, ...]]) -> tuple[int, ...]:
    """For each atom the answers that make it true, as bits."""
    if isinstance(answers, AnswerTable):
        return answers.columns
    return tuple(sum(1 << at for at, so in enumerate(column) if so) for column in zip(*answers, strict=True))
