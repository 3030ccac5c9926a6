"""The roster in the database: one model a canonical table (``engine.tables``), sources, and the records that tie them.

A test holds the columns against ``engine.tables``. A row's key is (district, id): ids come in blocks from one sequence
(``roster.known``) and are never given twice. References are row ids; ADR 0003 tells what keeps them whole.
"""

from firstbell.domain.roster.models.acts import Edit, KeptField, Leaving, Merge, NotTheSame, Tombstone
from firstbell.domain.roster.models.people import Demographics, Enrollment, Role, SearchWord, User, UserProfile
from firstbell.domain.roster.models.places import AcademicSession, Class, Course, Org
from firstbell.domain.roster.models.row import PublishedRow, Row
from firstbell.domain.roster.models.sources import Record, RecordCopy, Source
from firstbell.domain.roster.models.tallies import Tally, TallyOf

__all__ = [
    "AcademicSession",
    "Class",
    "Course",
    "Demographics",
    "Edit",
    "Enrollment",
    "KeptField",
    "Leaving",
    "Merge",
    "NotTheSame",
    "Org",
    "PublishedRow",
    "Record",
    "RecordCopy",
    "Role",
    "Row",
    "SearchWord",
    "Source",
    "Tally",
    "TallyOf",
    "Tombstone",
    "User",
    "UserProfile",
]
