"""A small district as rows of text, which a test changes, writes as a package and takes through the main path."""

import copy
import csv
import io
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from firstbell.engine.formats.oneroster.layouts import LAYOUTS
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import Plan, Refused, plan
from firstbell.engine.policy import Policy
from firstbell.engine.snapshot import Snapshot

type Row = dict[str, str]

SCHOOLS = ("elm", "oak")
FIRST_NAMES = ("Ada", "Ben", "Cai", "Dee", "Eli", "Fay", "Gus")
MOMENT = "2026-08-20T04:00:00.000Z"


@dataclass
class District:
    """Rows by file, the version to write them in, and how each file is meant (bulk unless said otherwise)."""

    files: dict[str, list[Row]]
    version: str = "1.2"
    modes: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, file: str) -> list[Row]:
        return self.files[file]

    def copy(self) -> "District":
        return copy.deepcopy(self)

    def row(self, file: str, sourced_id: str) -> Row:
        return next(row for row in self.files[file] if row["sourcedId"] == sourced_id)

    def without(self, *sourced_ids: str) -> "District":
        """Without these records, in whatever file, and without what points to one of them."""
        left = self.copy()
        for file, rows in left.files.items():
            left.files[file] = [row for row in rows if not set(row.values()) & set(sourced_ids)]
        return left

    def only(self, *files: str) -> "District":
        return District({file: self.files[file] for file in files}, self.version, dict(self.modes))

    def contents(self) -> dict[str, str]:
        """File name to text."""
        texts = {f"{file}.csv": csv_text(_columns(self, file, rows), rows) for file, rows in self.files.items()}
        return {"manifest.csv": _manifest(self), **texts}

    def write(self, folder: Path) -> Path:
        return write_files(folder, self.contents())

    def plan(
        self, known: Snapshot | None = None, policy: Policy | None = None, *, rekey: bool = True
    ) -> Plan | Refused:
        return plan_files(self.contents(), known, policy, rekey=rekey)


def write_files(folder: Path, contents: Mapping[str, str | bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in contents.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def plan_files(
    contents: Mapping[str, str | bytes],
    known: Snapshot | None = None,
    policy: Policy | None = None,
    *,
    rekey: bool = True,
) -> Plan | Refused:
    with tempfile.TemporaryDirectory(prefix="firstbell-test-") as folder:
        package = open_package(write_files(Path(folder), contents))
        return plan(package, known or Snapshot(), policy or Policy(), rekey=rekey)


def planned(district: District, known: Snapshot | None = None, policy: Policy | None = None) -> Plan:
    """The plan, where the package is expected to be usable."""
    result = district.plan(known, policy)
    assert isinstance(result, Plan), result.checked.findings
    return result


def roster_of(*districts: District) -> Snapshot:
    """The roster after these packages, one after the other, whatever the guard says."""
    known = Snapshot()
    for district in districts:
        known.take(planned(district, known).comparison)
    return known


def actions(result: Plan) -> dict[str, dict[str, int]]:
    """How many changes of each action by table; tables and actions without any are left out."""
    counted = {
        table: {
            action: of_table.count(action)
            for action in ("added", "updated", "removed", "restored", "filled")
            if of_table.count(action)
        }
        for table, of_table in result.comparison.plans.items()
    }
    return {table: counts for table, counts in counted.items() if counts}


def codes(result: Plan | Refused) -> set[str]:
    return set(result.checked.findings["code"].to_list())


def found_in_comparing(result: Plan) -> set[str]:
    return {code for part in result.comparison.findings for code in part["code"]}


def reasons(result: Plan) -> set[str]:
    return {reason.code for reason in result.verdict.reasons}


def csv_text(columns: list[str], rows: list[Row], *, quoting: int = csv.QUOTE_MINIMAL, end: str = "\n") -> str:
    text = io.StringIO()
    writer = csv.writer(text, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return text.getvalue()


def _columns(district: District, file: str, rows: list[Row]) -> list[str]:
    layout = LAYOUTS[district.version][file].columns
    extra = {name: None for row in rows for name in row if name not in layout}
    return [*layout, *extra]


def _manifest(district: District) -> str:
    says = {file: district.modes.get(file, "bulk") for file in district.files}
    properties = {
        "manifest.version": "1.0",
        "oneroster.version": district.version,
        **{f"file.{file}": says.get(file, "absent") for file in sorted(LAYOUTS[district.version])},
    }
    return csv_text(["propertyName", "value"], [{"propertyName": k, "value": v} for k, v in properties.items()])


def lakeside(students: int = 4) -> District:
    """Two schools with a class each; the students are spread over both in turn."""
    pupils = [f"s{number}" for number in range(students)]
    home = {pupil: SCHOOLS[number % 2] for number, pupil in enumerate(pupils)}
    people = [
        {
            "sourcedId": pupil,
            "enabledUser": "true",
            "username": f"user.{pupil}",
            "givenName": FIRST_NAMES[number % 7],
            "familyName": f"Family{number}",
            "identifier": f"9{number:05d}",
            "grades": "05",
        }
        for number, pupil in enumerate(pupils)
    ]
    teachers = [
        {"sourcedId": f"t-{school}", "enabledUser": "true", "username": f"teacher.{school}", "givenName": "Tess"}
        | {"familyName": f"Teacher {school}", "identifier": f"T-{school}"}
        for school in SCHOOLS
    ]
    members = [*((pupil, home[pupil], "student") for pupil in pupils), *((f"t-{s}", s, "teacher") for s in SCHOOLS)]
    return District(
        {
            **_frame(),
            "users": people + teachers,
            "roles": [
                {"sourcedId": f"r-{person}", "userSourcedId": person, "roleType": "primary", "role": role}
                | {"orgSourcedId": school}
                for person, school, role in members
            ],
            "enrollments": [
                {"sourcedId": f"e-{person}", "classSourcedId": f"c-{school}", "schoolSourcedId": school}
                | {"userSourcedId": person, "role": role}
                for person, school, role in members
            ],
            "demographics": [
                {"sourcedId": pupil, "birthDate": f"2015-01-{1 + number % 28:02d}"}
                for number, pupil in enumerate(pupils)
            ],
        }
    )


def _frame() -> dict[str, list[Row]]:
    """All that is not people."""
    return {
        "orgs": [
            {"sourcedId": "lake", "name": "Lakeside", "type": "district"},
            *(
                {"sourcedId": school, "name": school.title(), "type": "school", "parentSourcedId": "lake"}
                for school in SCHOOLS
            ),
        ],
        "academicSessions": [
            _session("year", "Year", "schoolYear", "2026-08-15", "2027-06-15"),
            _session("fall", "Fall", "term", "2026-08-15", "2027-01-10", parent="year"),
            _session("spring", "Spring", "term", "2027-01-10", "2027-06-15", parent="year"),
        ],
        "courses": [
            {"sourcedId": f"m-{school}", "title": "Math", "courseCode": "M5", "orgSourcedId": school}
            for school in SCHOOLS
        ],
        "classes": [
            {
                "sourcedId": f"c-{school}",
                "title": f"Math at {school}",
                "courseSourcedId": f"m-{school}",
                "classCode": f"M5-{school}",
                "classType": "scheduled",
                "schoolSourcedId": school,
                "termSourcedIds": "fall,spring",
            }
            for school in SCHOOLS
        ],
    }


def _session(sourced_id: str, title: str, kind: str, start: str, end: str, *, parent: str = "") -> Row:
    return {
        "sourcedId": sourced_id,
        "title": title,
        "type": kind,
        "startDate": start,
        "endDate": end,
        "parentSourcedId": parent,
        "schoolYear": "2027",
    }


def as_1p1(district: District) -> District:
    """The same district as OneRoster 1.1 says it."""
    files = {
        file: copy.deepcopy(rows) for file, rows in district.files.items() if file not in {"roles", "userProfiles"}
    }
    for user in files["users"]:
        held = [role for role in district["roles"] if role["userSourcedId"] == user["sourcedId"]]
        user["orgSourcedIds"] = ",".join(role["orgSourcedId"] for role in held)
        user["role"] = held[0]["role"]
    return District(files, "1.1", dict(district.modes))
