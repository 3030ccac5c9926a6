"""Finding the one whom an e-mail address belongs to, as the roster says."""

from django.db.models import Func, TextField, Value

from firstbell.domain.districts.models import District
from firstbell.domain.roster.models import Role, User
from firstbell.engine.vocabulary import STAFF_ROLES


def find_staff_by_email(district: District, email: str) -> int | None:
    """The row of the only member of staff with this e-mail; None where it is unsure."""
    key = Func(Value(email.strip()), function="roster_search_key", output_field=TextField())
    people = User.objects.filter(district_id=district.pk, email_key=key, removed_at=None)
    staff = Role.objects.filter(district_id=district.pk, role__in=STAFF_ROLES, removed_at=None)
    found = list(people.filter(id__in=staff.values("user_id")).values_list("id", flat=True)[:2])
    return found[0] if len(found) == 1 else None
