"""The tables of the database are the canonical tables of the engine, column by column."""

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import models

from firstbell.domain.roster.columns import KINDS, MODELS, has_published_id, sql_name
from firstbell.domain.roster.models import PublishedRow, Row
from firstbell.engine.tables import TABLES, Column, Kind, Table

FIELDS: dict[Kind, "type[models.Field[object, object]]"] = {
    Kind.STRING: models.TextField,
    Kind.EMAIL: models.TextField,
    Kind.ENUM: models.TextField,
    Kind.USER_IDS: models.TextField,
    Kind.METADATA: models.TextField,
    Kind.DATE: models.DateField,
    Kind.YEAR: models.SmallIntegerField,
    Kind.BOOLEAN: models.BooleanField,
    Kind.REF: models.BigIntegerField,
    Kind.STRINGS: ArrayField,
    Kind.GRADES: ArrayField,
    Kind.REFS: ArrayField,
}
EVERY = [(table, column) for table in TABLES.values() for column in table.content]


@pytest.mark.parametrize(("table", "column"), EVERY, ids=lambda part: part.name)
def test_a_column_has_a_field_that_holds_its_kind(table: Table, column: Column) -> None:
    field = MODELS[table.name]._meta.get_field(sql_name(column))
    assert isinstance(field, FIELDS[column.kind])
    assert field.null, "a blank is null"


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_table_has_no_field_that_comes_from_nowhere(table: Table) -> None:
    base = {field.name for field in (PublishedRow if has_published_id(table) else Row)._meta.get_fields()}
    own = {field.name for field in MODELS[table.name]._meta.get_fields() if not getattr(field, "generated", False)}
    assert own - base - {"pk"} == {sql_name(column) for column in table.content} - base


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_secret_has_no_field(table: Table) -> None:
    fields = {field.name for field in MODELS[table.name]._meta.get_fields()}
    assert not fields & {sql_name(column) for column in table.columns if column.secret}


def test_a_list_of_references_holds_row_ids_and_every_other_list_text() -> None:
    for table, column in EVERY:
        field = MODELS[table.name]._meta.get_field(sql_name(column))
        if isinstance(field, ArrayField):
            holds = models.BigIntegerField if column.kind is Kind.REFS else models.TextField
            assert isinstance(field.base_field, holds)


def test_every_table_has_its_model_and_keeps_the_number_its_records_have() -> None:
    assert MODELS.keys() == TABLES.keys()
    assert KINDS == {
        "orgs": 0,
        "academicSessions": 1,
        "courses": 2,
        "classes": 3,
        "users": 4,
        "userProfiles": 5,
        "roles": 6,
        "enrollments": 7,
        "demographics": 8,
    }
