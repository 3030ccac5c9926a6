"""What a stage means for those who look after a district: who has the next step, and which it is."""

from typing import Final

from firstbell.domain.assisted.models import CaseState
from firstbell.domain.districts.models import District, Method
from firstbell.domain.portfolio.models import Stage, Standing
from firstbell.domain.roster.queries.readiness import Lack

LACKS: Final[dict[Lack, tuple[str, str]]] = {
    Lack.CLASS: ("student without a class", "students without a class"),
    Lack.TEACHER: ("class without a teacher", "classes without a teacher"),
    Lack.STUDENTS: ("class without students", "classes without students"),
    Lack.SIGN_IN: ("student who cannot sign in", "students who cannot sign in"),
    Lack.TEACHER_SIGN_IN: ("teacher who cannot sign in", "teachers who cannot sign in"),
}
FIRST_ROSTER: Final[dict[str, str]] = {
    Method.SELF_MANAGED: "The district enters its roster; the guides lead the way.",
    Method.ASSISTED: "The district asks for a case, or Technical Services opens one for it.",
    Method.AUTOMATED: "The district connects its source, and approves the first sync.",
}
STEPS: Final[dict[str, str]] = {
    Stage.TROUBLE: "The IT administrator puts the source right; its page says what is in the way.",
    Stage.HELD: "An administrator of the district looks at the run, and lets it go or discards it.",
    Stage.READY: "Nothing. The roster is ready for the first bell.",
}
OF_CASES: Final[dict[str, str]] = {
    CaseState.REQUESTED: "Technical Services looks at the request.",
    CaseState.TEMPLATES: "The district fills in the templates.",
    CaseState.RECEIVED: "Firstbell checks the files.",
    CaseState.CHECKED: "The district looks at what was found in its files.",
    CaseState.PLANNED: "Technical Services imports the plan, or returns it.",
    CaseState.RETURNED: "The district puts its files right.",
    CaseState.IMPORTED: "The district says whether the accounts are right.",
    CaseState.VERIFIED: "The contact person takes the log-ins and signs off.",
}


def next_step(district: District, standing: Standing | None) -> str:
    """What has to happen next, in a sentence."""
    if standing is None:
        return "Firstbell looks at this district within the hour."
    if standing.stage == Stage.NO_ROSTER:
        return FIRST_ROSTER[district.method]
    if standing.stage == Stage.GETTING_READY:
        told = standing.lacks and district.lets_staff_in
        return f"The schools put right: {lacks_in_words(standing)}." if told else "The schools get ready."
    return STEPS[standing.stage]


def lacks_in_words(standing: Standing) -> str:
    """ "3 classes without a teacher, 12 students who cannot sign in"."""
    counted = [(int(standing.lacks.get(lack.value, 0)), *words) for lack, words in LACKS.items()]
    return ", ".join(f"{count:,} {one if count == 1 else several}" for count, one, several in counted if count)


def waits_for(standing: Standing | None) -> str:
    """Who has the next step."""
    if standing is None:
        return "Firstbell"
    return "Nobody" if standing.stage == Stage.READY else "The district"
