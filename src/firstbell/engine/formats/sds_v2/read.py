"""Reads School Data Sync's CSV formats 2 and 2.1 to canonical tables.

Roles and enrollments have no ids, classes may come without course or session, and parents are relations of a student.
"""

from firstbell.engine import findings
from firstbell.engine.formats.columns import read_files
from firstbell.engine.formats.finding import fits, headers_of
from firstbell.engine.formats.made import as_table
from firstbell.engine.formats.sds_v2.classes import read_classes, read_sessions
from firstbell.engine.formats.sds_v2.layouts import CORE, LAYOUTS, OURS_ALONE
from firstbell.engine.formats.sds_v2.people import read_demographics, read_people
from firstbell.engine.package import Package
from firstbell.engine.reading import Mode, Reading


def detect(package: Package) -> bool:
    """True where a file has columns that make sense in this format only."""
    return any(_is_ours(set(header)) for header in headers_of(package))


def _is_ours(header: set[str]) -> bool:
    if "activeDirectoryMatchId" in header:
        return True
    if {"orgSourcedIds", "grade", "username"} <= header and not {"enabledUser", "status", "grades"} & header:
        return True
    return any(fits(header, layout) and not (header & others) for layout, others in OURS_ALONE)


def read(package: Package) -> Reading:
    """Every file of the package. What is wrong is in ``findings``; nothing is raised for what a district sent."""
    reading = Reading("School Data Sync", "2", made={"roles", "enrollments"})
    files = read_files(package, reading, LAYOUTS.values(), prefix="")
    users = files.get("users")
    has_roles = users is not None and users["role"].null_count() < users.height
    reading.version = "2" if has_roles and "roles" not in files else "2.1"
    for name in CORE:
        if name not in files:
            reading.findings.append(findings.one("file-absent", column=f"{name}.csv"))
    if users is not None and not has_roles and "roles" not in files:
        reading.findings.append(findings.one("file-required", column="roles.csv"))
    if "orgs" in files:
        reading.tables["orgs"] = as_table(files["orgs"].rename({"metadata.orgs": "metadata"}), "orgs")
        reading.modes["orgs"] = Mode.BULK
    if "academicSessions" in files:
        read_sessions(reading, files["academicSessions"])
    if "courses" in files:
        named = {"code": "courseCode", "subject": "subjects", "grade": "grades", "metadata.courses": "metadata"}
        reading.tables["courses"] = as_table(files["courses"].rename(named), "courses")
        reading.modes["courses"] = Mode.BULK
    read_classes(reading, files)
    read_people(reading, files)
    read_demographics(reading, files)
    return reading
