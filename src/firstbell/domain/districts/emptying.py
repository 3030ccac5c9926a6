"""Ending a practice space: every row that is its own, in every table. A real district is never emptied."""

from django.apps import apps
from django.db import connection
from psycopg import sql

from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import APPEND_ONLY_TABLES, within


class NotPractice(Exception):
    """It is a real district. Always a mistake of ours."""


def tables_of_districts() -> list[str]:
    """The tables whose rows are of one district, but for those that nobody may empty."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if any(field.column == "district_id" for field in model._meta.concrete_fields)
        and model._meta.db_table not in APPEND_ONLY_TABLES
    )


def erase_practice(practice: District) -> None:
    """Take a practice space away with all that is in it, in the caller's transaction. Raises NotPractice.

    What its events tell stays behind its wall, where nobody comes any more.
    """
    if not District.objects.filter(pk=practice.pk, practice_of__isnull=False).exists():
        raise NotPractice(practice.pk)
    with within(practice):
        lock(practice)
        with connection.cursor() as cursor:
            for table in tables_of_districts():
                statement = sql.SQL("delete from {} where district_id = %s").format(sql.Identifier(table))
                cursor.execute(statement, [practice.pk])
            cursor.execute("delete from districts_district where id = %s and practice_of_id is not null", [practice.pk])
