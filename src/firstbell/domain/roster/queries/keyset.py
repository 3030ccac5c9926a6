"""Lists in pieces: each begins behind (or ends before) a row, so that the last piece is as quick as the first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.db.models import BooleanField, Expression, F, Func, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan

from firstbell.domain.roster.models import Row


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece of a list is: behind a row, before a row (both by id), at the end, or else at the beginning."""

    after: int | None = None
    before: int | None = None
    last: bool = False


@dataclass(frozen=True, slots=True)
class Piece[T]:
    """Some rows of a list, in its order, and whether there are others before and behind them."""

    rows: tuple[T, ...]
    has_before: bool
    has_after: bool

    def each[S](self, shown: Callable[[Sequence[T]], Sequence[S]]) -> "Piece[S]":
        """The same piece with its rows as something else."""
        return Piece(tuple(shown(self.rows)), self.has_before, self.has_after)


class _RowOf(Func):
    """Several values compared as one: (family, given, id)."""

    template = "(%(expressions)s)"
    output_field = BooleanField()


def take[R: Row](
    rows: QuerySet[R], order: Sequence[str], place: Place, limit: int, *, landmarks: QuerySet[R]
) -> Piece[R]:
    """A piece of ``rows`` in ``order`` (columns that are never null, the last one unique).

    The row that a place names is looked for among ``landmarks``: what the viewer may know of. Where it is gone, the
    list begins anew.
    """
    if place.last:
        return _end(rows, order, limit)
    landmark = place.after or place.before
    values = landmarks.filter(id=landmark).values_list(*order).first() if landmark else None
    if values is None:
        found = list(rows.order_by(*order)[: limit + 1])
        return Piece(tuple(found[:limit]), has_before=False, has_after=len(found) > limit)
    here, there = _RowOf(*map(F, order)), _RowOf(*(_value(value) for value in values))
    if place.after:
        found = list(rows.filter(GreaterThan(here, there)).order_by(*order)[: limit + 1])
        return Piece(tuple(found[:limit]), has_before=True, has_after=len(found) > limit)
    return replace(_end(rows.filter(LessThan(here, there)), order, limit), has_after=True)


def _end[R: Row](rows: QuerySet[R], order: Sequence[str], limit: int) -> Piece[R]:
    """The last rows of all: read from behind, so that what is before them does not count."""
    found = list(rows.order_by(*(f"-{column}" for column in order))[: limit + 1])
    return Piece(tuple(reversed(found[:limit])), has_before=len(found) > limit, has_after=False)


def _value(value: object) -> Expression:
    return Value(value)
