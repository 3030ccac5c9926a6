"""Whom on the roster a log-in is: by the key that the district chose, exactly, or nobody."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Count, F, Func, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Lower, Trim
from django.db.models.lookups import Exact, In

from firstbell.domain.districts.models import District
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.models import Record, Role, Source, User
from firstbell.domain.signon.carrying import pattern_of, who_may_carry
from firstbell.domain.signon.models import Connection, Key, Serves
from firstbell.engine.vocabulary import STAFF_ROLES

STUDENT: Final = "student"
SEARCHED: Final = {Key.IDENTIFIER: "identifier", Key.USERNAME: "username", Key.EMAIL: "email"}
"""Columns with a search key beside them, by which a row is found at once."""
FEW: Final = 5
"""So many are named for each reason."""


@dataclass(frozen=True, slots=True)
class Left:
    """Some people who could not sign in by a connection, and why; the first few of them by their rows' ids."""

    why: str
    remedy: str
    count: int
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What would come of a connection if all whom it serves tried it now."""

    matched: int
    left: tuple[Left, ...]

    @property
    def all(self) -> int:
        """How many it serves."""
        return self.matched + sum(one.count for one in self.left)


def find_people(district: District, connection: Connection, value: str) -> list[User]:
    """Everybody who carries a value as the connection's key, those who left the roster too. To be asked within."""
    people = User.objects.filter(district_id=district.pk)
    key, key_type = Key(connection.key), connection.key_type
    if key == Key.USER_ID:
        people = people.filter(id__in=who_may_carry(district, connection, value.strip()))
    if key == Key.SOURCED_ID:
        return list(people.filter(id__in=_rows_called(district, value)).order_by("id"))
    if key in SEARCHED:
        sought = Func(Value(value.strip()), function="roster_search_key", output_field=TextField())
        people = people.filter(**{f"{SEARCHED[key]}_key": sought})
    return list(people.filter(Exact(_carried(key, key_type), _as_carried(key, value))).order_by("id"))


def served(district: District, connection: Connection) -> QuerySet[User]:
    """People on the roster whom a connection is for."""
    people = User.objects.filter(district_id=district.pk, removed_at=None)
    roles = Role.objects.filter(district_id=district.pk, removed_at=None)
    staff = roles.filter(role__in=STAFF_ROLES).values("user_id")
    students = roles.filter(role=STUDENT).values("user_id")
    is_staff, is_student = Q(id__in=staff), Q(id__in=students) & ~Q(id__in=staff)
    whose = {Serves.STAFF: is_staff, Serves.STUDENTS: is_student, Serves.EVERYONE: is_staff | is_student}
    people = people.filter(whose[Serves(connection.serves)])
    if connection.school_ids:
        people = people.filter(id__in=roles.filter(org_id__in=connection.school_ids).values("user_id"))
    return people


def forecast(district: District, connection: Connection) -> Forecast:
    """How many would be found by the key, how many not, and why. To be asked within the district."""
    people = served(district, connection)
    key = Key(connection.key)
    disabled = people.filter(enabled_user=False)
    people = people.exclude(enabled_user=False)
    left = [_left("They are switched off on the roster (enabledUser).", "Nothing, if that is meant.", disabled)]
    if key != Key.SOURCED_ID:
        everybody = User.objects.filter(district_id=district.pk, removed_at=None)
        carried = _carried(key, connection.key_type)
        shared = everybody.values(key=carried).alias(people=Count("id")).filter(people__gt=1).values("key")
        is_blank, is_shared = (
            Exact(Coalesce(carried, Value(""), output_field=TextField()), Value("")),
            In(carried, shared),
        )
        without = people.filter(is_blank)
        people = people.exclude(is_blank)
        several = people.filter(is_shared)
        people = people.exclude(is_shared)
        left += [
            _left("The roster has nothing there for them.", f"Have the SIS send {_column(connection)}.", without),
            _left(
                "Somebody else on the roster has the same.", "Correct it in the SIS: a key is one person’s.", several
            ),
        ]
        if key == Key.EMAIL:
            domain = Func(carried, Value("@"), Value(-1), function="split_part", output_field=TextField())
            ours = In(domain, connection.email_domains)
            remedy = "Add the domain to the connection, if it is the district’s."
            left.append(_left("Their address is of another domain.", remedy, people.exclude(ours)))
            people = people.filter(ours)
    return Forecast(people.count(), tuple(one for one in left if one.count))


def _left(why: str, remedy: str, people: QuerySet[User]) -> Left:
    count = people.count()
    examples = people.order_by("family_name_key", "given_name_key", "id").values_list("id", flat=True)[:FEW]
    return Left(why, remedy, count, tuple(examples) if count else ())


def _rows_called(district: District, value: str) -> set[int]:
    """Rows that a source calls so now; else those that one called so, or that were made here and are published so."""
    sources = list(Source.objects.filter(district_id=district.pk).values_list("pk", flat=True))
    records = Record.objects.filter(district_id=district.pk, kind=KINDS["users"])
    called = records.filter(source_id__in=sources, source_key=value)
    present = set(called.filter(present=True).values_list("row_id", flat=True))
    if present:
        return present
    known = records.filter(present=True, row_id__in=User.objects.filter(sourced_id=value).values("id"))
    published = User.objects.filter(district_id=district.pk, sourced_id=value).exclude(id__in=known.values("row_id"))
    return set(called.values_list("row_id", flat=True)) | set(published.values_list("id", flat=True))


def _carried(key: Key, key_type: str) -> Combinable:
    """What a row carries as the key."""
    if key == Key.USER_ID:
        return Func(F("user_ids"), Value(pattern_of(key_type)), function="substring", output_field=TextField())
    return Lower(Trim(SEARCHED[key]))


def _as_carried(key: Key, value: str) -> Combinable:
    return Value(value.strip()) if key == Key.USER_ID else Lower(Value(value.strip()))


def _column(connection: Connection) -> str:
    names = {Key.IDENTIFIER: "identifier", Key.USERNAME: "username", Key.EMAIL: "email"}
    return names.get(Key(connection.key), f"userIds with {{{connection.key_type}:…}}")
