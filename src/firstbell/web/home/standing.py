"""One sentence on the state of the roster, and what is next while there is none."""

from firstbell.domain.districts.models import Method
from firstbell.domain.imports.models import Run
from firstbell.domain.roster.queries.figures import Figures
from firstbell.domain.roster.queries.schools import list_orgs
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT
from firstbell.domain.roster.queries.terms import list_terms
from firstbell.web.components.shapes import Task
from firstbell.web.visit import Visit
from firstbell.web.words import count_in_words


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
    """Set-up until there is a roster."""
    if not figures.is_empty:
        return ()
    if visit.district.method == Method.SELF_MANAGED and not has_runs:
        return _tasks_by_hand(visit)
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


def _tasks_by_hand(visit: Visit) -> tuple[Task, ...]:
    """Who rosters itself adds one thing after the other, or uploads a roster it has."""
    wanted: list[tuple[bool, str, str, str]] = [
        (bool(list_orgs(visit.district, WHOLE_DISTRICT)), "Add your school", "Its name is enough", "school_add"),
        (bool(list_terms(visit.district)), "Add a term", "A school year is enough to begin with", "term_add"),
        (False, "Add people", "Students and teachers, one after the other", "person_add"),
        (False, "Add classes and who is in them", "A homeroom for each grade is a good beginning", "class_add"),
    ]
    ahead = next(place for place, (is_done, *_) in enumerate(wanted) if not is_done)
    steps = [
        Task(label, "done" if is_done else "next" if place == ahead else "ahead", note, visit.url(page))
        for place, (is_done, label, note, page) in enumerate(wanted)
    ]
    note = "A OneRoster zip, or its CSV files, where you have them. You can have them only checked at first."
    return (*steps, Task("Or upload a roster", "ahead", note, visit.url("upload")))
