"""The forms of a class, of a place in it, and of those who are to come."""

from django import forms

from firstbell.engine.tables import CLASSES, ENROLLMENTS
from firstbell.engine.vocabulary import VOCABULARIES
from firstbell.web.editing.fields import label_of
from firstbell.web.editing.forms import RowForm
from firstbell.web.words import in_words


class ClassForm(RowForm):
    """A class. Its course is made quietly."""

    table = CLASSES
    columns = ("title", "schoolSourcedId", "termSourcedIds", "grades", "classCode")
    more = ("classType", "location", "periods", "subjects")


class PlaceForm(RowForm):
    """As what and until when somebody is in a class."""

    table = ENROLLMENTS
    columns = ("role", "primary", "beginDate", "endDate")


class MembersForm(forms.Form):
    """As what the people who are chosen come to the class, and for how long."""

    use_required_attribute = False
    role = forms.ChoiceField(
        label="They come as", choices=[(word, in_words(word)) for word in VOCABULARIES["enrollmentRole"].v1p2]
    )
    endDate = forms.CharField(  # noqa: N815 (the column's name)
        label=label_of(ENROLLMENTS, "endDate"),
        required=False,
        max_length=10,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="For a substitute: the first day on which they are not there any more.",
    )
