"""Made-up people and places for the gallery, long names among them."""

from datetime import datetime, timedelta

from firstbell.web.components.shapes import Crumb, Link, LinkGroup, Moment, PageLinks, Shell, Tab, Task

SHELL = Shell(
    district_name="Lakeside Unified School District",
    place="Automated from PowerSchool",
    person_name="Guadalupe Hernández-Oyelaran",
    role="District administrator",
    home_url="#home",
    memberships_url="#memberships",
    groups=(
        LinkGroup("Start", (Link("Home", "#home", "home"),)),
        LinkGroup("Roster", (Link("People", "#people", "people"), Link("Classes", "#classes", "class"))),
        LinkGroup(
            "Imports",
            (
                Link("Lists", "#lists", "file"),
                Link("Runs", "#runs", "run", current=True, waiting=2),
                Link("Sources", "#sources", "source"),
            ),
        ),
        LinkGroup("District", (Link("Members", "#members", "key"), Link("Method", "#method", "compass"))),
    ),
)
CRUMBS = (Crumb("Home", "#home"), Crumb("Runs", "#runs"), Crumb("Run 41"))
TABS = (
    Tab("Summary", "#summary"),
    Tab("Findings", "#findings", current=True, count=318),
    Tab("Changes", "#changes", count=12408),
    Tab("Files", "#files"),
)
TASKS = (
    Task("Connect PowerSchool", "done", "Connected on Aug 3 by Dana Whitfield"),
    Task("Look at the first roster", "next", "12,408 students are ready to be looked at", "#runs"),
    Task("Choose how people sign in", "ahead", url="#sign-in"),
)
PUPILS = (
    ("Amara O’Connor-Nwosu", "aoconnor", "S-0004812", "Student", "07", "Lincoln Middle School", "good", "Can sign in"),
    (
        "María-Guadalupe de los Ángeles Fernández y Montecristo",
        "mfernandezymontecristo",
        "S-0091157",
        "Student",
        "12",
        "Saint Brigid of Kildare Early College and Career Academy",
        "wait",
        "No password yet",
    ),
    ("Nguyễn Thị Bích Ngọc", "nguyenb", "T-00318", "Teacher", "", "Roosevelt Elementary School", "good", "Can sign in"),
    ("Zbigniew Łukaszewski", "zlukasze", "T-00127", "Teacher", "", "Lincoln Middle School", "bad", "Sign-in fails"),
)
PAGE_LINKS = PageLinks(newer_url="#newer", older_url="#older", shown="101 to 200 of 12,408")


def timeline(now: datetime) -> tuple[Moment, ...]:
    """What made a person as she is."""
    run = "Run 41 of PowerSchool nightly, users.csv, record 812"
    return (
        Moment(now - timedelta(hours=6), "Moved from Roosevelt Elementary to Lincoln Middle School", run, "#run-41"),
        Moment(now - timedelta(days=31), "Added to Mathematics 7, period 3", "Run 12", "#run-12"),
        Moment(now - timedelta(days=31), "Password set", "By Dana Whitfield, IT administrator"),
        Moment(now - timedelta(days=460), "First seen", "Run 1 of PowerSchool nightly", "#run-1"),
    )
