"""One sentence on the state of the roster, and what is next while there is none."""

from firstbell.domain.districts.models import Method
from firstbell.domain.imports.models import Run
from firstbell.domain.roster.queries.figures import Figures
from firstbell.web.components.shapes import Task
from firstbell.web.guides.facts import learn
from firstbell.web.guides.first_roster import FIRST_ROSTER
from firstbell.web.guides.standing import as_tasks, steps_of
from firstbell.web.visit import Visit
from firstbell.web.words import count_in_words

MOST_COUNTED = 2000
"""Up to so many students the home page counts what is missing."""


def standing_in_words(figures: Figures, last: Run | None, *, place: str) -> str:
    """ "12,408 students, 811 teachers and 1,932 classes", of some schools where it is about them; blank for nobody."""
    if figures.is_empty:
        return ""
    counted = (
        f"{count_in_words(figures.students, 'student', 'students')}, "
        f"{count_in_words(figures.teachers, 'teacher', 'teachers')} and "
        f"{count_in_words(figures.classes, 'class', 'classes')}"
    )
    where = f" at {place}" if place else ""
    return f"{counted}{where}" + ("" if last else ", kept by the district itself")


def tasks_of(visit: Visit, figures: Figures, *, has_runs: bool) -> tuple[Task, ...]:
    """Set-up until there is a roster; who rosters by hand is guided until nothing is missing."""
    if visit.district.method == Method.SELF_MANAGED and not has_runs:
        return _tasks_by_hand(visit, figures)
    if not figures.is_empty:
        return ()
    upload = "Upload a first roster"
    note = {
        Method.SELF_MANAGED: "A OneRoster zip, or its CSV files. You can have them only checked at first.",
        Method.ASSISTED: "The filled templates, as a zip or as CSV files.",
    }.get(Method(visit.district.method), "The OneRoster export of your student information system.")
    return (
        Task("Open the district", "done", f"{visit.district.name} is set up"),
        Task(upload, "done" if has_runs else "next", note, visit.url("upload")),
        Task(
            "Look at what came",
            "next" if has_runs else "ahead",
            "Findings, changes, and who would come",
            visit.url("runs"),
        ),
        Task("Meet your people", "ahead", "Everyone on the roster, with their classes"),
    )


def _tasks_by_hand(visit: Visit, figures: Figures) -> tuple[Task, ...]:
    """The guide's steps. A large district has its own page for that, since counting takes a while there."""
    if figures.students > MOST_COUNTED:
        return ()
    steps = steps_of(visit, FIRST_ROSTER, learn(visit.district, visit.scope, today=visit.today))
    if all(line.state == "done" for line in steps):
        return ()
    if not figures.is_empty:
        return as_tasks(steps)
    note = "A OneRoster zip, or its CSV files, where you have them. You can have them only checked at first."
    return (*as_tasks(steps), Task("Or upload a roster", "ahead", note, visit.url("upload")))
