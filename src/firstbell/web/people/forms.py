"""The forms of a person, of a role, and of a move to another school."""

from collections.abc import Sequence
from typing import ClassVar

from django import forms

from firstbell.domain.roster.editing.values import Texts
from firstbell.engine.tables import ROLES, USERS
from firstbell.web.editing.fields import Choices, grade_choices
from firstbell.web.editing.forms import RowForm

OF_THE_ROLE = ("role", "orgSourcedId", "beginDate", "endDate")


class PersonForm(RowForm):
    """Who a person is."""

    table = USERS
    columns: ClassVar[Sequence[str]] = ("givenName", "familyName", "grades", "username", "identifier", "email")
    more: ClassVar[Sequence[str]] = (
        "middleName",
        "preferredGivenName",
        "preferredMiddleName",
        "preferredFamilyName",
        "pronouns",
        "phone",
        "sms",
        "primaryOrgSourcedId",
        "userMasterIdentifier",
        "enabledUser",
    )


class NewPersonForm(PersonForm):
    """A new person, with the role that puts them on the roster."""

    columns = ("role", "orgSourcedId", *PersonForm.columns)
    more = ("beginDate", "endDate", *(name for name in PersonForm.more if name != "primaryOrgSourcedId"))
    also = dict.fromkeys(OF_THE_ROLE, ROLES)

    def person(self) -> Texts:
        """What was said of the person."""
        return {name: text for name, text in self.said().items() if name not in OF_THE_ROLE}

    def role(self) -> Texts:
        """What was said of the role."""
        return {name: text for name, text in self.said().items() if name in OF_THE_ROLE}


class RoleForm(RowForm):
    """One more role."""

    table = ROLES
    columns = OF_THE_ROLE


class RoleDatesForm(RowForm):
    """From when until when a role is held; what and where it is stays, or is another role."""

    table = ROLES
    columns = ("beginDate", "endDate")


class MoveForm(forms.Form):
    """A student moves to another school."""

    use_required_attribute = False

    def __init__(self, data: object, *, here: Choices, there: Choices, grade: str) -> None:
        super().__init__(data, initial={"grade": grade})  # type: ignore[arg-type]
        self.fields["from"] = forms.ChoiceField(label="From", choices=here)
        self.fields["to"] = forms.ChoiceField(label="To", choices=[("", "Choose"), *there])
        choices = [("", "As it is"), *grade_choices()]
        self.fields["grade"] = forms.ChoiceField(label="Grade there", choices=choices, required=False)
