"""What is said of a person, field by field, and where each field comes from."""

from dataclasses import dataclass
from typing import Final

from firstbell.domain.roster.models import Demographics
from firstbell.domain.roster.queries.person import Person
from firstbell.web.words import grades_in_words, in_words

NAMED: Final = {
    "given_name": "Given name",
    "preferred_given_name": "Preferred given name",
    "middle_name": "Middle name",
    "preferred_middle_name": "Preferred middle name",
    "family_name": "Family name",
    "preferred_family_name": "Preferred family name",
    "pronouns": "Pronouns",
    "identifier": "ID",
    "username": "Username",
    "email": "E-mail",
    "phone": "Phone",
    "sms": "Text messages",
    "user_master_identifier": "ID across systems",
    "user_ids": "IDs in other systems",
}
ALWAYS: Final = frozenset({"given_name", "family_name", "identifier", "username", "email"})
"""Fields whose absence is worth knowing."""

REPORTED: Final = {
    "american_indian_or_alaska_native": "American Indian or Alaska Native",
    "asian": "Asian",
    "black_or_african_american": "Black or African American",
    "native_hawaiian_or_other_pacific_islander": "Native Hawaiian or other Pacific Islander",
    "white": "White",
    "demographic_race_two_or_more_races": "Two or more races",
}
BORN: Final = ("city_of_birth", "state_of_birth_abbreviation", "country_of_birth_code")


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: its name, its value, and the source that keeps it where that is not the owner of the person."""

    name: str
    value: str
    locked_by: str = ""
    column: str = ""
    """The field of the roster that it is; blank where no source says it."""


def facts_of(person: Person) -> list[Fact]:
    """Who a person is."""
    row = person.row
    facts = [
        Fact(label, _plain(column, getattr(row, column) or ""), _other_source(person, column), column)
        for column, label in NAMED.items()
        if getattr(row, column) or column in ALWAYS
    ]
    if row.grades:
        facts.append(Fact("Grade", grades_in_words(row.grades), _other_source(person, "grades"), "grades"))
    if person.school:
        facts.append(Fact("Main school", person.school, _other_source(person, "primary_org_id"), "primary_org_id"))
    facts.append(Fact("Published ID", row.sourced_id))
    return facts


def demographics_in_words(told: Demographics) -> list[Fact]:
    """What the family reported, without what they did not."""
    reported = [label for column, label in REPORTED.items() if getattr(told, column)]
    hispanic = {True: "Yes", False: "No", None: ""}[told.hispanic_or_latino_ethnicity]
    born = ", ".join(value for column in BORN if (value := getattr(told, column)))
    facts = [
        Fact(
            "Date of birth",
            f"{told.birth_date:%B} {told.birth_date.day}, {told.birth_date.year}" if told.birth_date else "",
        ),
        Fact("Sex as recorded", in_words(told.sex) if told.sex else ""),
        Fact("Race", ", ".join(reported)),
        Fact("Hispanic or Latino", hispanic),
        Fact("Place of birth", born),
        Fact("Residence status", told.public_school_residence_status or ""),
    ]
    return [fact for fact in facts if fact.value]


def _plain(column: str, value: str) -> str:
    """Ids come as ``{type:id},{type:id}``."""
    return value.replace("},{", ", ").strip("{}").replace(":", " ") if column == "user_ids" else value


def _other_source(person: Person, column: str) -> str:
    source = person.comes_from(column)
    return source if source != person.owner else ""
