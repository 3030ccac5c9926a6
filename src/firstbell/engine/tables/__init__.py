"""The canonical roster tables: columns, kinds, references and meaning, said once.

Readers, checks, templates, documentation, samples and SQL are derived from this module. A canonical table is a Polars
frame in which every column of the table is a String in canonical text (null where there is no value):

==========  =============================================================
kind        canonical text
==========  =============================================================
id, ref     the source's identifier, without surrounding blanks
date        ``YYYY-MM-DD``
year        ``YYYY``, the calendar year in which the school year ends
boolean     ``true`` or ``false``
enum        a word of the vocabulary, or ``ext:`` and a private word
lists       items joined by ``,`` without blanks around them
metadata    one JSON object of the extension columns, keys sorted
==========  =============================================================

Beside them stand ``_file`` (String) and ``_record`` (UInt32, 1 is the first record after the header).
Source: OneRoster CSV 1.2.1; 1.1 users are split into users and roles.
"""

from firstbell.engine.tables.columns import LIST_KINDS, Column, Kind, Table
from firstbell.engine.tables.people import DEMOGRAPHICS, ROLES, USER_PROFILES, USERS
from firstbell.engine.tables.teaching import ACADEMIC_SESSIONS, CLASSES, COURSES, ENROLLMENTS, ORGS

__all__ = [
    "ACADEMIC_SESSIONS",
    "CLASSES",
    "COURSES",
    "DEMOGRAPHICS",
    "ENROLLMENTS",
    "LIST_KINDS",
    "ORGS",
    "ROLES",
    "TABLES",
    "TABLES_VERSION",
    "USERS",
    "USER_PROFILES",
    "Column",
    "Kind",
    "Table",
]

TABLES_VERSION = 1
"""Grows with every column that is added to a canonical table; stored beside each record's hash."""

TABLES: dict[str, Table] = {
    table.name: table
    for table in (ORGS, ACADEMIC_SESSIONS, COURSES, CLASSES, USERS, USER_PROFILES, ROLES, ENROLLMENTS, DEMOGRAPHICS)
}
"""In the order in which rows can be applied: what is referred to comes first."""
