"""The files of a OneRoster package: which there are, and their columns in the published order.

Source: OneRoster CSV 1.2.1 (all files) and 1.1 (rostering and resources; the 1.1 gradebook columns are not published
in a place we may read, so those files are only counted). Roster columns take their meaning from ``engine.tables``.
"""

from dataclasses import dataclass, field

from firstbell.engine.tables import TABLES

_COMMON = ("sourcedId", "status", "dateLastModified")


@dataclass(frozen=True, slots=True)
class Layout:
    """One CSV file: its name without ``.csv``, its columns in order, and what the columns of a side file refer to.

    ``roster`` is true for the files that become canonical tables; the others (gradebook and resources) are
    recognised, counted, checked for ids and references, and left alone.
    """

    file: str
    columns: tuple[str, ...]
    references: dict[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()

    @property
    def roster(self) -> bool:
        return self.file in TABLES


def _roster(file: str, *, leave_out: tuple[str, ...] = ()) -> Layout:
    names = [column.name for column in TABLES[file].columns if column.name not in {"sourcedId", "metadata", *leave_out}]
    return Layout(file, (*_COMMON, *names))


def _side(file: str, columns: str, *, required: str = "", **references: str) -> Layout:
    return Layout(file, (*_COMMON, *columns.split()), references, tuple(required.split()))


_RESOURCE_FILES = (
    _side("resources", "vendorResourceId title roles importance vendorId applicationId", required="vendorResourceId"),
    _side(
        "classResources",
        "title classSourcedId resourceSourcedId",
        required="classSourcedId resourceSourcedId",
        classSourcedId="classes",
        resourceSourcedId="resources",
    ),
    _side(
        "courseResources",
        "title courseSourcedId resourceSourcedId",
        required="courseSourcedId resourceSourcedId",
        courseSourcedId="courses",
        resourceSourcedId="resources",
    ),
)
_USER_RESOURCES = _side(
    "userResources",
    "userSourcedId orgSourcedId classSourcedId resourceSourcedId",
    required="userSourcedId resourceSourcedId",
    userSourcedId="users",
    orgSourcedId="orgs",
    classSourcedId="classes",
    resourceSourcedId="resources",
)
_GRADEBOOK_1P2 = (
    _side("categories", "title weight", required="title"),
    _side(
        "lineItems",
        "title description assignDate dueDate classSourcedId categorySourcedId academicSessionSourcedId"
        " resultValueMin resultValueMax schoolSourcedId",
        required="title classSourcedId categorySourcedId",
        classSourcedId="classes",
        categorySourcedId="categories",
        academicSessionSourcedId="academicSessions",
        schoolSourcedId="orgs",
    ),
    _side(
        "lineItemLearningObjectiveIds",
        "lineItemSourcedId source learningObjectiveId",
        required="lineItemSourcedId",
        lineItemSourcedId="lineItems",
    ),
    _side(
        "lineItemScoreScales",
        "title lineItemSourcedId scoreScaleSourcedId",
        required="lineItemSourcedId scoreScaleSourcedId",
        lineItemSourcedId="lineItems",
        scoreScaleSourcedId="scoreScales",
    ),
    _side(
        "results",
        "lineItemSourcedId studentSourcedId scoreStatus score scoreDate comment textScore classSourcedId"
        " inProgress incomplete late missing",
        required="lineItemSourcedId studentSourcedId",
        lineItemSourcedId="lineItems",
        studentSourcedId="users",
        classSourcedId="classes",
    ),
    _side(
        "resultLearningObjectiveIds",
        "resultSourcedId source learningObjectiveId score textScore",
        required="resultSourcedId",
        resultSourcedId="results",
    ),
    _side(
        "resultScoreScales",
        "title resultSourcedId scoreScaleSourcedId",
        required="resultSourcedId scoreScaleSourcedId",
        resultSourcedId="results",
        scoreScaleSourcedId="scoreScales",
    ),
    _side(
        "scoreScales",
        "title type orgSourcedId courseSourcedId classSourcedId scoreScaleValue",
        orgSourcedId="orgs",
        courseSourcedId="courses",
        classSourcedId="classes",
    ),
)
_GRADEBOOK_1P1 = (Layout("categories", ()), Layout("lineItems", ()), Layout("results", ()))

_USERS_1P1 = Layout(
    "users",
    (
        *_COMMON,
        "enabledUser",
        "orgSourcedIds",
        "role",
        "username",
        "userIds",
        "givenName",
        "familyName",
        "middleName",
        "identifier",
        "email",
        "sms",
        "phone",
        "agentSourcedIds",
        "grades",
        "password",
    ),
)

_SHARED = ("academicSessions", "orgs", "courses", "classes", "enrollments", "demographics")

LAYOUTS: dict[str, dict[str, Layout]] = {
    "1.1": {
        layout.file: layout
        for layout in (*(_roster(file) for file in _SHARED), _USERS_1P1, *_RESOURCE_FILES, *_GRADEBOOK_1P1)
    },
    "1.2": {
        layout.file: layout
        for layout in (
            *(_roster(file) for file in (*_SHARED, "users", "roles", "userProfiles")),
            *_RESOURCE_FILES,
            _USER_RESOURCES,
            *_GRADEBOOK_1P2,
        )
    },
}

USERS_1P2_FIRST_TEXT: tuple[str, ...] = tuple(
    name
    for column in LAYOUTS["1.2"]["users"].columns
    for name in ((column, "resourceSourcedIds") if column == "userMasterIdentifier" else (column,))
)
"""users.csv of the first 1.2 text (2022): ``resourceSourcedIds`` is column 18. Removed by 1.2.1; accepted on read."""

MANIFEST_MODES = ("absent", "bulk", "delta")
EXTENSION_PREFIX = "metadata."
