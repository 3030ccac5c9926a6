"""Who of the vendor looks after a district: naming them, and ending it."""

from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from firstbell.domain.advice.models import ContactRole, DistrictContact
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

LONGEST_NAME: Final = 200


class BadContact(ValueError):
    """Nobody can be named like this; the text says why."""


def name_contact(district: District, role: ContactRole, name: str, email: str, *, by: Actor) -> DistrictContact:
    """Say who looks after a district. Requests that are open keep their owner. Raises BadContact."""
    name, email = name.strip(), email.strip().lower()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadContact(f"A contact has a name of 1 to {LONGEST_NAME} characters.")
    try:
        validate_email(email)
    except ValidationError as problem:
        raise BadContact(f"{email!r} is no e-mail address.") from problem
    with within(district):
        contact, _ = DistrictContact.objects.update_or_create(
            district_id=district.pk, role=role, defaults={"name": name, "email": email}
        )
        detail = {"role": role.value, "name": name}
        record(district.pk, "contact.named", by=by, subject_kind="contact", subject_id=contact.pk, detail=detail)
    return contact


def end_contact(district: District, role: ContactRole, *, by: Actor) -> bool:
    """Nobody is the district's contact in this role any more; whether somebody was."""
    with within(district):
        contact = DistrictContact.objects.filter(district_id=district.pk, role=role).first()
        if contact is None:
            return False
        detail = {"role": role.value, "name": contact.name}
        record(district.pk, "contact.ended", by=by, subject_kind="contact", subject_id=contact.pk, detail=detail)
        contact.delete()
    return True
