"""What all verbs do alike: read what was typed, hold it to what is there, change what nobody changed meanwhile."""

from collections.abc import Mapping

from firstbell.domain.districts.models import District
from firstbell.domain.roster.access import NotThere
from firstbell.domain.roster.columns import MODELS
from firstbell.domain.roster.editing.act import Act
from firstbell.domain.roster.editing.ownership import keep_fields, locked_columns
from firstbell.domain.roster.editing.refusals import ChangedMeanwhile, Locked, NotGood
from firstbell.domain.roster.editing.values import Texts, texts_of
from firstbell.domain.roster.models import Org, Row
from firstbell.engine.entry import Problem, enter
from firstbell.engine.rules.links import TARGET_TYPES
from firstbell.engine.tables import TABLES, Column, Kind

type Said = Mapping[str, str | None]
"""What somebody typed, by canonical column; a column that is not named stays as it is."""


def checked(district: District, table: str, said: Said) -> Texts:
    """What was typed as canonical text. Raises NotGood."""
    entered = enter(TABLES[table], said)
    problems = [*entered.problems, *_dangling(district, table, entered.values)]
    if problems:
        raise NotGood(*problems)
    return entered.values


def live_row(doing: Act, table: str, row_id: int) -> Row:
    """A row that is on the roster. Raises NotThere."""
    row = doing.row(table, row_id)
    if row is None or row.removed_at is not None:
        raise NotThere(row_id)
    return row


def removed_row(doing: Act, table: str, row_id: int) -> Row:
    """A row that was removed. Raises NotThere."""
    row = doing.row(table, row_id)
    if row is None or row.removed_at is None:
        raise NotThere(row_id)
    return row


def change(doing: Act, table: str, row: Row, said: Said, *, seen: int) -> Texts:
    """Give a row what was typed; returns its content. ``seen``: the stamp of the row as it was shown.

    Raises ChangedMeanwhile, Locked and NotGood.
    """
    was = texts_of(TABLES[table], row)
    if row.stamp != seen:
        raise ChangedMeanwhile(was, row.stamp)
    typed = {name: text.strip() or None if text else None for name, text in said.items()}
    now = checked(doing.district, table, {**was, **typed})
    changed = {name: text for name, text in now.items() if text != was[name]}
    locked = locked_columns(doing.district, table, row)
    for name in changed:
        if name in locked:
            raise Locked(name, locked[name])
    doing.update(table, row, changed)
    keep_fields(doing.district, table, row, list(changed))
    return now


def _dangling(district: District, table: str, texts: Texts) -> list[Problem]:
    """References that lead to no row that is on the roster, or to one of another type."""
    problems = []
    for column in TABLES[table].references:
        text = texts.get(column.name)
        if text is None:
            continue
        ids = [int(part) for part in text.split(",") if part.isdigit()]
        if len(ids) != len(text.split(",")) or not _all_there(district, column, ids):
            problems.append(Problem(column.name, "{column} points to what is not on the roster. Choose another."))
        elif not _of_right_type(district, table, column, ids):
            problems.append(Problem(column.name, "{column} is of another type than is needed here. Choose another."))
    return problems


def _all_there(district: District, column: Column, ids: list[int]) -> bool:
    rows = MODELS[column.target or ""]._default_manager.filter(district_id=district.pk, id__in=ids, removed_at=None)
    return rows.count() == len(set(ids))


def _of_right_type(district: District, table: str, column: Column, ids: list[int]) -> bool:
    target, wanted = TARGET_TYPES.get((table, column.name), ("", ""))
    if target != "orgs" or column.kind is not Kind.REF:
        return True
    types = Org.objects.filter(district_id=district.pk, id__in=ids).values_list("type", flat=True)
    return all(kind == wanted or str(kind).startswith("ext:") for kind in types)
